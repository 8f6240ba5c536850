import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMovableClock, type MovableClock } from '../clock.ts';
import { emptyApplicationDocument } from './application-document.ts';
import { createApplication } from './applications.ts';
import {
  addClientSecret,
  checkClientSecret,
  listClientSecrets,
  removeClientSecret,
} from './client-secrets.ts';
import { type Directory, openDirectory } from './open-directory.ts';
import { contosoDomain, seedContoso } from './seed-contoso.ts';
import { findTenant } from './tenants.ts';

const [mine, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const now = Date.UTC(2026, 0, 31, 10);
const hour = 3_600_000;

let clock: MovableClock;
let directory: Directory;
beforeEach(() => {
  clock = createMovableClock({ now: () => now });
  directory = openDirectory({ file: ':memory:', clock });
  seedContoso(directory);
  const tenantId = findTenant(directory, contosoDomain)?.id ?? '';
  for (const id of [mine, other]) {
    const document = emptyApplicationDocument(contosoDomain);
    createApplication(directory, { id, tenantId, appId: id, displayName: id, createdAt: now, document });
  }
});
afterEach(() => directory.close());

const make = (application: string, startAt = now, endAt = startAt + hour) =>
  addClientSecret(directory, application, { displayName: null, startAt, endAt });

it('is taken from the first moment of its time until the last, and then said to have ended', () => {
  const { secretText, keyId } = make(mine, now + hour);
  const check = () => checkClientSecret(directory, mine, secretText);
  clock.advance(hour - 1);
  expect(check()).toEqual({ accepted: false, reason: 'unknown' });
  clock.advance(1);
  expect(check()).toEqual({ accepted: true, keyId });
  clock.advance(hour - 1);
  expect(check()).toEqual({ accepted: true, keyId });
  clock.advance(1);
  expect(check()).toEqual({ accepted: false, reason: 'expired', keyId });
});

it('counts for its application alone', () => {
  const { secretText, keyId } = make(mine);
  make(other);
  expect(checkClientSecret(directory, other, secretText)).toEqual({ accepted: false, reason: 'unknown' });
  expect(removeClientSecret(directory, other, keyId)).toBe(false);
  expect(checkClientSecret(directory, mine, secretText).accepted).toBe(true);
});

it('is told apart from an ended one beside it', () => {
  const ended = make(mine, now - 2 * hour);
  const living = make(mine);
  expect(checkClientSecret(directory, mine, living.secretText).accepted).toBe(true);
  expect(checkClientSecret(directory, mine, ended.secretText)).toMatchObject({ reason: 'expired' });
  expect(checkClientSecret(directory, mine, 'wrong')).toEqual({ accepted: false, reason: 'unknown' });
});

it('goes alone when it is removed, once', () => {
  const [first, second] = [make(mine), make(mine)];
  expect(removeClientSecret(directory, mine, first.keyId)).toBe(true);
  expect(removeClientSecret(directory, mine, first.keyId)).toBe(false);
  expect(listClientSecrets(directory, mine).map(({ keyId }) => keyId)).toEqual([second.keyId]);
});

it('shows its first three characters afterwards, in the order of beginnings', () => {
  const later = make(mine, now + hour);
  const sooner = make(mine);
  expect(listClientSecrets(directory, mine).map(({ hint }) => hint)).toEqual(
    [sooner, later].map(({ secretText }) => secretText.slice(0, 3)),
  );
});
