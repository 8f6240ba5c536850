import { expect, it } from 'vitest';
import { isGuid } from './guid.ts';
import { wellKnownIds } from './well-known-ids.ts';
import { wellKnownAppRoles, wellKnownScopes } from './well-known-scopes.ts';

it('permissions stand under their own name, with ids that no two share', () => {
  const permissions = [
    ...Object.entries(wellKnownScopes.microsoftGraph),
    ...Object.entries(wellKnownScopes.dynamicsCrm),
    ...Object.entries(wellKnownAppRoles.microsoftGraph),
  ];
  for (const [name, permission] of permissions) {
    expect(permission.value).toBe(name);
    expect(isGuid(permission.id)).toBe(true);
  }
  expect(new Set(permissions.map(([, permission]) => permission.id)).size).toBe(permissions.length);
});

it('well-known ids are guids that no two share', () => {
  const ids = Object.values(wellKnownIds);
  for (const id of ids) expect(isGuid(id)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

it('a person may consent to user_impersonation without an administrator', () => {
  expect(wellKnownScopes.dynamicsCrm.user_impersonation).toMatchObject({
    id: '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4',
    type: 'User',
  });
});
