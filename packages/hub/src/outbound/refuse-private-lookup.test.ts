import type { LookupAddress } from 'node:dns';
import { expect, it } from 'vitest';
import { createPublicLookup } from './refuse-private-lookup.ts';

const publicOnes: LookupAddress[] = [
  { address: '8.8.8.8', family: 4 },
  { address: '2606:4700::1111', family: 6 },
];

function lookUp(addresses: LookupAddress[], all: boolean, error: NodeJS.ErrnoException | null = null) {
  const lookup = createPublicLookup((_name, callback) => callback(error, addresses));
  return new Promise<unknown[]>((resolve) => {
    lookup('crm.example', { all }, (...answer) => resolve(answer));
  });
}

it('hands out all public addresses, or the first', async () => {
  expect(await lookUp(publicOnes, true)).toEqual([null, publicOnes]);
  expect(await lookUp(publicOnes, false)).toEqual([null, '8.8.8.8', 4]);
});

it.each([
  ['a private one', [{ address: '10.0.0.5', family: 4 }]],
  ['a private one among public ones', [...publicOnes, { address: '::1', family: 6 }]],
  ['none', []],
])('hands out nothing where there is %s', async (_case, addresses) => {
  for (const all of [true, false]) {
    const [error, handedOut] = await lookUp(addresses, all);
    expect(error).toMatchObject({ code: 'address_not_allowed' });
    expect(handedOut).toEqual([]);
  }
});

it('passes on why a name has no address', async () => {
  const unknown = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
  expect(await lookUp(publicOnes, true, unknown)).toEqual([unknown, []]);
});
