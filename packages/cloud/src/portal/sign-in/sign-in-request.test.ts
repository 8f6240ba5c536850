import { expect, it } from 'vitest';
import { makeState, readState, safeReturnPath } from './sign-in-request.ts';

it.each([
  ['/', '/'],
  ['/app-registrations/all?search=a%20b', '/app-registrations/all?search=a%20b'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example/', '/'],
  ['/a\r\nset-cookie: b', '/'],
  ['', '/'],
])('goes on, after a sign-in, from %j to %s', (asked, path) => {
  expect(safeReturnPath(asked)).toBe(path);
});

it('reads the state that was made for this browser, and no other', () => {
  const state = makeState('cookie', '/users');
  expect(readState('cookie', state)).toBe('/users');
  expect(readState('another', state)).toBeUndefined();
  const [signature] = state.split('.');
  expect(readState('cookie', `${signature}.${Buffer.from('/clock').toString('base64url')}`)).toBeUndefined();
  expect(readState('cookie', '')).toBeUndefined();
});
