import { linkToGroup, unlinkAllFromGroup } from '../directory/group-links.ts';
import { findGroup, listGroups, putGroup } from '../directory/groups.ts';
import type { Directory } from '../directory/open-directory.ts';
import { stableGuid } from '../directory/stable-guid.ts';
import type { Tenant } from '../directory/tenants.ts';
import { findUserByName } from '../directory/users.ts';
import { furtherGroupProperties } from '../graph/resources/group-properties.ts';
import { readFurtherProperties } from './read-further-properties.ts';
import { SeedError } from './seed-error.ts';
import type { SeedGroup } from './seed-schema.ts';

/**
 * Makes the groups of a tenant what the seed says. Members are people, by their sign-in names, and other groups, by
 * their names or ids.
 *
 * @throws SeedError when nobody and no group is called so
 */
export function seedGroups(directory: Directory, tenant: Tenant, groups: readonly SeedGroup[]): void {
  const seeded = groups.map((given) => {
    const { id, displayName, kind = 'security', securityEnabled, properties } = given;
    const group = {
      id: id ?? stableGuid(`group:${tenant.id}:${displayName}`),
      tenantId: tenant.id,
      displayName,
      kind,
      ...(securityEnabled !== undefined && { securityEnabled }),
      ...(properties && {
        properties: readFurtherProperties(displayName, properties, furtherGroupProperties),
      }),
    };
    putGroup(directory, group, []);
    return { given, id: group.id };
  });
  // Groups may be in groups that the seed makes later.
  for (const { given, id } of seeded) {
    const { displayName, members = [], owners } = given;
    for (const name of members) {
      linkToGroup(directory, id, 'member', findMemberId(directory, tenant, name, displayName));
    }
    if (!owners) continue;
    unlinkAllFromGroup(directory, id, 'owner');
    for (const name of owners) {
      linkToGroup(directory, id, 'owner', findMemberId(directory, tenant, name, displayName));
    }
  }
}

function findMemberId(directory: Directory, tenant: Tenant, name: string, displayName: string): string {
  const user = findUserByName(directory, name);
  if (user?.tenantId === tenant.id) return user.id;
  const group =
    findGroup(directory, tenant.id, name) ??
    listGroups(directory, tenant.id).find((candidate) => candidate.displayName === name);
  if (group) return group.id;
  throw new SeedError(`Nobody in ${tenant.displayName} is called '${name}', a member of '${displayName}'.`);
}
