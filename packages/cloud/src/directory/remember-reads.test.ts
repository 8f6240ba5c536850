import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { openDirectory } from './open-directory.ts';
import { rememberReads } from './remember-reads.ts';
import { createTenant, findTenant } from './tenants.ts';

const directory = openDirectory({ file: ':memory:', clock: systemClock });
const tenant = { id: 't1', displayName: 'One', domains: ['one.example'], createdAt: 0 };
createTenant(directory, tenant);
afterEach(() => directory.prepare(`UPDATE tenants SET display_name = 'One'`).run());

it('reads once while nothing is written', () => {
  const remember = rememberReads<string | undefined>(directory);
  let reads = 0;
  const read = () => {
    reads += 1;
    return findTenant(directory, 't1')?.displayName;
  };
  expect([remember('t1', read), remember('t1', read)]).toEqual(['One', 'One']);
  expect(reads).toBe(1);
});

it('reads again after any write', () => {
  const remember = rememberReads<string | undefined>(directory);
  const read = () => findTenant(directory, 't1')?.displayName;
  remember('t1', read);
  directory.prepare(`UPDATE tenants SET display_name = 'Two'`).run();
  expect(remember('t1', read)).toBe('Two');
});

it('does not remember a failure', () => {
  const remember = rememberReads<string>(directory);
  expect(() =>
    remember('x', () => {
      throw new Error('not yet');
    }),
  ).toThrow('not yet');
  expect(remember('x', () => 'there now')).toBe('there now');
});
