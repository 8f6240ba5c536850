import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { type Directory, openDirectory } from '../directory/open-directory.ts';
import { seededPersonalAccount } from '../directory/personal-accounts.ts';
import { contosoDomain } from '../directory/seed-contoso.ts';
import { findServicePrincipalByAppId, updateServicePrincipal } from '../directory/service-principals.ts';
import { findTenant } from '../directory/tenants.ts';
import { findUserByName, passwordMatches } from '../directory/users.ts';
import { textLike } from '../testing/expected.ts';
import { applySeed } from './apply-seed.ts';
import { exportSeed } from './export-seed.ts';
import type { Seed } from './seed-schema.ts';

let directory: Directory;
beforeEach(() => {
  directory = openDirectory({ file: ':memory:', clock: createMovableClock() });
});
afterEach(() => directory.close());

const ann = { userPrincipalName: 'ann@mail.example', displayName: 'Ann', password: 'Another1' };

it('makes personal accounts beside the one that comes with Contoso', () => {
  const seed: Seed = { personalAccounts: [ann] };
  applySeed(directory, seed);
  const account = findUserByName(directory, ann.userPrincipalName);
  expect(account).toMatchObject({
    tenantId: wellKnownIds.personalAccountTenant,
    id: textLike(/^00000000-0000-0000-/),
    displayName: 'Ann',
  });
  expect(passwordMatches(directory, account?.id ?? '', ann.password)).toBe(true);
  applySeed(directory, { personalAccounts: [{ ...ann, displayName: 'Ann Beebe' }] });
  expect(findUserByName(directory, ann.userPrincipalName)?.displayName).toBe('Ann Beebe');
});

it('exports them apart from the tenants, and takes them again', () => {
  applySeed(directory, { personalAccounts: [ann] });
  const exported = exportSeed(directory);
  expect(exported.tenants?.map(({ displayName }) => displayName)).toEqual(['Contoso']);
  expect(exported.personalAccounts?.map(({ userPrincipalName }) => userPrincipalName)).toEqual([
    ann.userPrincipalName,
    seededPersonalAccount,
  ]);
  const other = openDirectory({ file: ':memory:', clock: createMovableClock() });
  applySeed(other, exported);
  expect(exportSeed(other)).toEqual(exported);
  other.close();
});

it('refuses one whose address belongs to an organization', () => {
  const personalAccounts = [{ userPrincipalName: `ann@${contosoDomain}` }];
  expect(() => applySeed(directory, { personalAccounts })).toThrow('belongs to an organization');
});

it('refuses the same address in an organization that comes later', () => {
  const tenants = [
    { displayName: 'Mail', domains: ['mail.example'], users: [{ userPrincipalName: ann.userPrincipalName }] },
  ];
  expect(() => applySeed(directory, { personalAccounts: [ann], tenants })).toThrow('ann@mail.example');
});

it('brings what Microsoft publishes up to date in every tenant, and leaves the administrators’ switches', () => {
  const seed: Seed = { tenants: [{ displayName: 'Fabrikam', domains: ['fabrikam.onmicrosoft.com'] }] };
  applySeed(directory, seed);
  for (const domain of [contosoDomain, 'fabrikam.onmicrosoft.com', wellKnownIds.personalAccountTenant]) {
    const tenantId = findTenant(directory, domain)?.id ?? '';
    const graph = findServicePrincipalByAppId(directory, tenantId, wellKnownIds.microsoftGraph);
    if (!graph) throw new Error(`${domain} has no Microsoft Graph.`);
    updateServicePrincipal(directory, {
      ...graph,
      accountEnabled: false,
      document: {
        ...graph.document,
        oauth2PermissionScopes: [],
        appRoles: [],
        appRoleAssignmentRequired: true,
      },
    });
    applySeed(directory, {});
    const now = findServicePrincipalByAppId(directory, tenantId, wellKnownIds.microsoftGraph);
    expect(now).toEqual({
      ...graph,
      accountEnabled: false,
      document: { ...graph.document, appRoleAssignmentRequired: true },
    });
  }
});
