import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { linkToGroup, listAllMemberIds, listLinkedIds } from './group-links.ts';
import { findGroup, listAllGroupsOf, listGroupsOf, putGroup, softDeleteGroup } from './groups.ts';
import { type Directory, openDirectory } from './open-directory.ts';
import { createTenant } from './tenants.ts';
import { upgradeSchema } from './upgrade-schema.ts';

const tenantId = 'tenant';

function openWithGroups(...ids: string[]): Directory {
  const directory = openDirectory({ file: ':memory:', clock: createMovableClock({ now: () => 1 }) });
  createTenant(directory, { id: tenantId, displayName: 'Contoso', domains: ['contoso.com'], createdAt: 0 });
  for (const id of ids) putGroup(directory, { id, tenantId, displayName: id, kind: 'security' }, []);
  return directory;
}

it('finds members and groups however deep, each once', () => {
  const directory = openWithGroups('a', 'b', 'c');
  linkToGroup(directory, 'a', 'member', 'b');
  linkToGroup(directory, 'b', 'member', 'c');
  linkToGroup(directory, 'a', 'member', 'c');
  linkToGroup(directory, 'c', 'member', 'person');
  linkToGroup(directory, 'a', 'owner', 'owner');
  expect(listAllMemberIds(directory, 'a')).toEqual(['b', 'c', 'person']);
  expect(listAllGroupsOf(directory, 'person').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(listGroupsOf(directory, 'person').map(({ id }) => id)).toEqual(['c']);
  expect(listAllGroupsOf(directory, 'owner')).toEqual([]);
});

it('does not go through a deleted group', () => {
  const directory = openWithGroups('a', 'b');
  linkToGroup(directory, 'a', 'member', 'b');
  linkToGroup(directory, 'b', 'member', 'person');
  softDeleteGroup(directory, 'b');
  expect(findGroup(directory, tenantId, 'b')).toBeUndefined();
  expect(listAllGroupsOf(directory, 'person')).toEqual([]);
  expect(listAllMemberIds(directory, 'a')).toEqual(['b']);
});

it('keeps owners, and when it was made, where members are replaced', () => {
  const directory = openWithGroups('a');
  linkToGroup(directory, 'a', 'owner', 'owner');
  linkToGroup(directory, 'a', 'member', 'before');
  putGroup(directory, { id: 'a', tenantId, displayName: 'A', kind: 'security' }, ['after']);
  expect(listLinkedIds(directory, 'a', 'owner')).toEqual(['owner']);
  expect(listLinkedIds(directory, 'a', 'member')).toEqual(['after']);
  expect(findGroup(directory, tenantId, 'a')).toMatchObject({ displayName: 'A', createdAt: 1 });
});

it('takes over the groups of a file that an earlier version made', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(`
    CREATE TABLE users (id TEXT PRIMARY KEY) STRICT;
    CREATE TABLE groups (id TEXT PRIMARY KEY, display_name TEXT NOT NULL) STRICT;
    CREATE TABLE group_members (group_id TEXT, user_id TEXT) STRICT;
    CREATE TABLE group_links (group_id TEXT, kind TEXT, object_id TEXT) STRICT;
    INSERT INTO groups VALUES ('a', 'A');
    INSERT INTO group_members VALUES ('a', 'person');
  `);
  upgradeSchema(db);
  upgradeSchema(db);
  expect(db.prepare('SELECT profile, deleted_at FROM groups').get()).toEqual({
    profile: '{}',
    deleted_at: null,
  });
  expect(db.prepare('SELECT * FROM group_links').all()).toEqual([
    { group_id: 'a', kind: 'member', object_id: 'person' },
  ]);
});
