import { describe, expect, it } from 'vitest';
import { isStoreUnavailable } from './is-store-unavailable.ts';

describe('a failed query', () => {
  it.each([
    ['the network', { code: 'ECONNREFUSED' }],
    ['a server that shuts down', { code: '57P01' }],
    ['a lost connection', { code: '08006' }],
    ['too many connections', { code: '53300' }],
    ['a transaction given up', { code: '40001' }],
    ['SQLite’s write lock', { errcode: 5 }],
    ['SQLite’s write lock, extended code', { errcode: 517 }],
    ['a full disk', { errcode: 13 }],
  ])('because of %s is for the operator', (_name, marks) => {
    expect(isStoreUnavailable(Object.assign(new Error('failed'), marks))).toBe(true);
  });

  it.each([
    ['a key that is there already', { code: '23505' }],
    ['a wrong query', { code: '42601' }],
    ['a constraint of SQLite', { errcode: 19 }],
    ['something else', {}],
  ])('because of %s is a fault of ours', (_name, marks) => {
    expect(isStoreUnavailable(Object.assign(new Error('failed'), marks))).toBe(false);
  });

  it('knows the driver’s own words', () => {
    expect(isStoreUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isStoreUnavailable('Connection terminated')).toBe(false);
  });
});
