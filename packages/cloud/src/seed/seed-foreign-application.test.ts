import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { findApplicationByAppId, softDeleteApplication } from '../directory/applications.ts';
import { type Directory, openDirectory } from '../directory/open-directory.ts';
import { contosoDomain } from '../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../directory/service-principals.ts';
import { findTenant } from '../directory/tenants.ts';
import { applySeed } from './apply-seed.ts';
import { exportSeed } from './export-seed.ts';
import type { Seed, SeedForeignApplication } from './seed-schema.ts';

const appId = '7a1c0000-0000-4000-8000-000000000009';
let directory: Directory;
beforeEach(() => {
  directory = openDirectory({ file: ':memory:', clock: createMovableClock() });
});
afterEach(() => directory.close());

function seedWith(foreign: SeedForeignApplication, signInAudience = 'AzureADMultipleOrgs'): Seed {
  return {
    tenants: [
      { displayName: 'Contoso', domains: [contosoDomain], foreignApplications: [foreign] },
      {
        displayName: 'Fabrikam',
        domains: ['fabrikam.onmicrosoft.com'],
        applications: [{ displayName: 'Orders', appId, manifest: { signInAudience } }],
      },
    ],
  };
}

const principalIn = (domain: string) =>
  findServicePrincipalByAppId(directory, findTenant(directory, domain)?.id ?? '', appId);

it('lets an app of another tenant in, with consent, and takes its own export again', () => {
  const seed = seedWith({
    app: 'Orders',
    grants: [{ api: 'Dynamics CRM', scopes: ['user_impersonation'] }],
    roles: [{ api: 'Microsoft Graph', values: ['User.Read.All'] }],
    enabled: false,
  });
  applySeed(directory, seed);
  applySeed(directory, seed);
  const [home, foreign] = [principalIn('fabrikam.onmicrosoft.com'), principalIn(contosoDomain)];
  expect(foreign?.id).not.toBe(home?.id);
  expect(foreign).toMatchObject({
    accountEnabled: false,
    document: { appOwnerOrganizationId: home?.tenantId },
  });
  const exported = exportSeed(directory);
  expect(exported.tenants?.[0]?.foreignApplications).toMatchObject([
    {
      app: appId,
      grants: [{ scopes: ['user_impersonation'] }],
      roles: [{ values: ['User.Read.All'] }],
      enabled: false,
    },
  ]);
  const other = openDirectory({ file: ':memory:', clock: createMovableClock() });
  applySeed(other, exported);
  expect(exportSeed(other)).toEqual(exported);
  other.close();
});

it.each([
  ['an app that is nowhere', { app: 'Nothing' }, 'AzureADMultipleOrgs', "has an application 'Nothing'"],
  ['an app for its own tenant alone', { app: appId }, 'AzureADMyOrg', 'is for its own tenant alone'],
])('refuses %s', (_what, foreign, audience, message) => {
  expect(() => applySeed(directory, seedWith(foreign, audience))).toThrow(message);
});

it('leaves what belongs to a deleted app out of an export', () => {
  applySeed(directory, seedWith({ app: appId }));
  const application = findApplicationByAppId(directory, appId);
  if (application) softDeleteApplication(directory, application);
  const exported = exportSeed(directory);
  const other = openDirectory({ file: ':memory:', clock: createMovableClock() });
  applySeed(other, exported);
  expect(exportSeed(other).tenants?.map(({ foreignApplications }) => foreignApplications)).toEqual([[], []]);
  other.close();
});
