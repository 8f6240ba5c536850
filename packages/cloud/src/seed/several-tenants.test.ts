import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { type Directory, openDirectory } from '../directory/open-directory.ts';
import { contosoDomain } from '../directory/seed-contoso.ts';
import { applySeed } from './apply-seed.ts';
import { SeedError } from './seed-error.ts';
import type { SeedTenant } from './seed-schema.ts';

let directory: Directory;
beforeEach(() => {
  directory = openDirectory({ file: ':memory:', clock: createMovableClock() });
});
afterEach(() => directory.close());

const fabrikam: SeedTenant = { displayName: 'Fabrikam', domains: ['fabrikam.onmicrosoft.com'] };

it.each<[what: string, tenant: SeedTenant, message: string]>([
  [
    'a domain of another tenant',
    { ...fabrikam, domains: [...fabrikam.domains, contosoDomain.toUpperCase()] },
    'it belongs to Contoso',
  ],
  [
    'an environment of another tenant',
    { ...fabrikam, environments: [{ urlName: 'contoso' }] },
    "Fabrikam can't have contoso.crm4.dynamics.com",
  ],
  ["Microsoft's own tenant", { ...fabrikam, id: wellKnownIds.microsoftServicesTenant }, "Microsoft's own"],
  [
    'the tenant of personal accounts',
    { ...fabrikam, id: wellKnownIds.personalAccountTenant },
    "Microsoft's own",
  ],
])('refuses %s', (_what, tenant, message) => {
  const apply = () => applySeed(directory, { tenants: [tenant] });
  expect(apply).toThrow(SeedError);
  expect(apply).toThrow(message);
});
