import { describe, expect, it } from 'vitest';
import { isStoreUnavailable } from './is-store-unavailable.ts';

describe('a failed query', () => {
  it.each([
    ['the network', { code: 'ECONNREFUSED' }],
    ['a server that shuts down', { code: '57P01' }],
    ['a lost connection', { code: '08006' }],
    ['too many connections', { code: '53300' }],
    ['a transaction given up', { code: '40001' }],
    ['a statement that takes too long', { code: '57014' }],
    ['a server that is the primary no more', { code: '25006' }],
    ['a name service that is away', { code: 'EAI_AGAIN' }],
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

  it.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
  ])('is known by the driver’s own words: %s', (words) => {
    expect(isStoreUnavailable(new Error(words))).toBe(true);
  });

  it('is no failure of the database’s by the same words elsewhere', () => {
    expect(isStoreUnavailable(new Error('A client said: Query read timeout'))).toBe(false);
    expect(isStoreUnavailable('Connection terminated')).toBe(false);
  });
});
