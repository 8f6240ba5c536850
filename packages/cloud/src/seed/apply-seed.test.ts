import { expect, it } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { listDeletedUsers, softDeleteUser } from '../directory/deleted-users.ts';
import { openDirectory } from '../directory/open-directory.ts';
import { findUserByName, listUsers, renameUser } from '../directory/users.ts';
import { applySeed } from './apply-seed.ts';

it('makes people what the seed says again who were renamed or deleted since', () => {
  const users = [{ userPrincipalName: 'x@a.com' }, { userPrincipalName: 'y@a.com' }];
  const seed = { tenants: [{ displayName: 'A', domains: ['a.com'], users }] };
  const directory = openDirectory({ file: ':memory:', clock: createMovableClock() });
  applySeed(directory, seed);
  const [x, y] = users.map(({ userPrincipalName }) => findUserByName(directory, userPrincipalName));
  if (!x || !y) throw new Error('The seed made nobody.');
  renameUser(directory, x.id, 'z@a.com');
  softDeleteUser(directory, y);
  applySeed(directory, seed);
  const names = listUsers(directory, x.tenantId).map(({ userPrincipalName }) => userPrincipalName);
  expect(names).toEqual(['x@a.com', 'y@a.com']);
  expect(findUserByName(directory, 'x@a.com')?.id).toBe(x.id);
  expect(listDeletedUsers(directory, x.tenantId)).toEqual([]);
  directory.close();
});
