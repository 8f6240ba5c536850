import { type Application, findApplicationByAppId, listApplications } from '../directory/applications.ts';
import { installApplication } from '../directory/install-application.ts';
import type { Directory } from '../directory/open-directory.ts';
import {
  findServicePrincipalByAppId,
  type ServicePrincipal,
  updateServicePrincipal,
} from '../directory/service-principals.ts';
import { listTenants, type Tenant } from '../directory/tenants.ts';
import { SeedError } from './seed-error.ts';
import type { SeedForeignApplication } from './seed-schema.ts';

/**
 * Lets an application of another tenant into this one, as its administrator's consent would.
 *
 * @returns the service principal; undefined where it was there before
 * @throws SeedError
 */
export function seedForeignApplication(
  directory: Directory,
  tenant: Tenant,
  given: SeedForeignApplication,
): ServicePrincipal | undefined {
  const application = findForeignApplication(directory, tenant, given.app);
  if (application.document.signInAudience === 'AzureADMyOrg') {
    throw new SeedError(
      `'${given.app}' is for its own tenant alone, so ${tenant.displayName} can't let it in.`,
    );
  }
  if (findServicePrincipalByAppId(directory, tenant.id, application.appId)) return undefined;
  const principal = installApplication(directory, tenant.id, application);
  if (given.enabled === false) updateServicePrincipal(directory, { ...principal, accountEnabled: false });
  return principal;
}

function findForeignApplication(directory: Directory, tenant: Tenant, name: string): Application {
  const known = findApplicationByAppId(directory, name);
  const named = known
    ? [known]
    : listTenants(directory)
        .flatMap(({ id }) => listApplications(directory, id))
        .filter(({ displayName }) => displayName === name);
  const [application, ...others] = named.filter(({ tenantId }) => tenantId !== tenant.id);
  if (!application)
    throw new SeedError(`No other tenant than ${tenant.displayName} has an application '${name}'.`);
  if (others.length > 0)
    throw new SeedError(`Several applications are called '${name}': name it by its client id.`);
  return application;
}
