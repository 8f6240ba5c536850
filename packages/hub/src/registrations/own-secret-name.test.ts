import { expect, it } from 'vitest';
import { federatedName, isOwnName, nextSecretName, ownSecretName } from './own-secret-name.ts';

const id = '0f1e2d3c-4b5a-4968-8778-695a4b3c2d1e';
const next = nextSecretName(id, { bytes: (count) => Buffer.alloc(count, 0xab) });

it.each([ownSecretName(id), next, federatedName(ownSecretName(id)), federatedName(next)])(
  'knows %s for a name of the hub’s',
  (name) => expect(isOwnName(id, name)).toBe(true),
);

it.each([
  null,
  undefined,
  '',
  'CI',
  `${ownSecretName(id)} by hand`,
  `${ownSecretName(id)}2 abababab`,
  `${next}0`,
  ownSecretName(id.replace('0', '1')),
])('takes %s for a person’s', (name) => expect(isOwnName(id, name)).toBe(false));

it('makes names that Graph takes for a federated credential', () => {
  expect(federatedName(next)).toBe(`latchkey-${id}-abababab`);
});
