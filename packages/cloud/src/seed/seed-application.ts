import {
  emptyApplicationDocument,
  type FederatedIdentityCredential,
} from '../directory/application-document.ts';
import {
  type Application,
  addOwner,
  createApplication,
  findApplicationByAppId,
  updateApplication,
} from '../directory/applications.ts';
import { secretDigest, storeClientSecret } from '../directory/client-secrets.ts';
import { installApplication } from '../directory/install-application.ts';
import type { Directory } from '../directory/open-directory.ts';
import { allowsPersonalAccounts } from '../directory/personal-accounts.ts';
import { type ServicePrincipal, updateServicePrincipal } from '../directory/service-principals.ts';
import { stableGuid } from '../directory/stable-guid.ts';
import type { Tenant } from '../directory/tenants.ts';
import { findUserByName } from '../directory/users.ts';
import {
  type ApplicationDraft,
  applyApplicationProperties,
} from '../graph/applications/apply-application-properties.ts';
import { checkApplication } from '../graph/applications/check-application.ts';
import {
  checkBesideOthers,
  readFederatedCredential,
} from '../graph/applications/read-federated-credential.ts';
import { GraphError } from '../graph/errors/graph-error.ts';
import { readProperties } from '../graph/operation/property-table.ts';
import { applicationProperties } from '../graph/resources/application-properties.ts';
import { findApi, roleId, scopeId } from './find-api.ts';
import { SeedError } from './seed-error.ts';
import type { SeedApplication, SeedSecret } from './seed-schema.ts';

/** What Microsoft recommends for the `aud` of tokens that are traded. */
const usualAudience = 'api://AzureADTokenExchange';
const secretYears = 2;
const hintLength = 3;

/** What a seed made of an application; no service principal where it wants none. */
export interface SeededApplication {
  made: Application;
  principal: ServicePrincipal | undefined;
}

/**
 * Makes an application by the rules of Microsoft Graph, with secrets, owners and service principal, and as yet without
 * the permissions that it asks for: they may be those of an application that comes later.
 *
 * @returns undefined where the application was there before
 * @throws SeedError
 */
export function seedApplication(
  directory: Directory,
  tenant: Tenant,
  given: SeedApplication,
): SeededApplication | undefined {
  const seedName = `${tenant.id}:${given.displayName}`;
  const appId = given.appId ?? stableGuid(`seeded-app:${seedName}`);
  if (findApplicationByAppId(directory, appId)) return undefined;
  const application: Application = {
    ...draftApplication(directory, tenant, given),
    id: given.id ?? stableGuid(`seeded-application:${seedName}`),
    appId,
    tenantId: tenant.id,
    createdAt: directory.clock.now(),
    deletedAt: null,
  };
  createApplication(directory, application);
  for (const secret of given.secrets ?? []) seedSecret(directory, application.id, secret);
  for (const name of given.owners ?? []) {
    const owner = findUserByName(directory, name);
    if (!owner) throw new SeedError(`Nobody is called '${name}', the owner of '${given.displayName}'.`);
    addOwner(directory, application.id, owner.id);
  }
  if (given.servicePrincipal === 'none') return { made: application, principal: undefined };
  const principal = installApplication(directory, tenant.id, application);
  if (given.servicePrincipal === 'disabled') {
    updateServicePrincipal(directory, { ...principal, accountEnabled: false });
  }
  return { made: application, principal };
}

/** Lets a seeded application ask for permissions, when all APIs of the seed are there. @throws SeedError */
export function seedPermissions(
  directory: Directory,
  { tenant, application: given, made }: SeededApplication & { tenant: Tenant; application: SeedApplication },
): void {
  if (!given.permissions || given.manifest?.requiredResourceAccess !== undefined) return;
  const requiredResourceAccess = requiredAccess(directory, tenant, given.permissions);
  const draft: ApplicationDraft = { displayName: made.displayName, document: made.document };
  byTheRulesOfGraph(given, () => {
    applyApplicationProperties(
      draft,
      readProperties({ requiredResourceAccess }, applicationProperties, 'update'),
    );
    checkApplication(directory, { tenant, id: made.id, draft });
  });
  updateApplication(directory, { ...made, ...draft });
}

/** @throws SeedError with the name of the application, in place of what Graph would answer */
function byTheRulesOfGraph({ displayName }: SeedApplication, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw new SeedError(`The application '${displayName}' can't be made. ${error.message}`, { cause: error });
  }
}

function draftApplication(directory: Directory, tenant: Tenant, given: SeedApplication): ApplicationDraft {
  const draft: ApplicationDraft = {
    displayName: given.displayName,
    document: {
      ...emptyApplicationDocument(tenant.domains[0] ?? null),
      ...(given.uniqueName !== undefined && { uniqueName: given.uniqueName }),
    },
  };
  const { web, spa, publicClient } = given.redirectUris ?? {};
  const body = {
    signInAudience: 'AzureADMyOrg',
    ...(web && { web: { redirectUris: web } }),
    ...(spa && { spa: { redirectUris: spa } }),
    ...(publicClient && { publicClient: { redirectUris: publicClient } }),
    ...(given.publicClientFlows !== undefined && { isFallbackPublicClient: given.publicClientFlows }),
    ...given.manifest,
  };
  byTheRulesOfGraph(given, () => {
    applyApplicationProperties(draft, readProperties(body, applicationProperties, 'create'));
    if (given.federatedCredentials) {
      draft.document.federatedIdentityCredentials = federatedCredentials(tenant, given);
    }
    if (allowsPersonalAccounts(draft)) draft.document.api.requestedAccessTokenVersion ??= 2;
    checkApplication(directory, { tenant, id: null, draft });
  });
  return draft;
}

function federatedCredentials(
  tenant: Tenant,
  { displayName, federatedCredentials: given = [] }: SeedApplication,
): FederatedIdentityCredential[] {
  const credentials: FederatedIdentityCredential[] = [];
  for (const { id, audiences = [usualAudience], ...rest } of given) {
    const credential = readFederatedCredential(
      { audiences, ...rest },
      id ?? stableGuid(`seeded-federated-credential:${tenant.id}:${displayName}:${rest.name}`),
    );
    checkBesideOthers(credentials, credential);
    credentials.push(credential);
  }
  return credentials;
}

function requiredAccess(
  directory: Directory,
  tenant: Tenant,
  permissions: NonNullable<SeedApplication['permissions']>,
): object[] {
  return permissions.map((permission) => {
    const api = findApi(directory, tenant, permission.api);
    const scopes = (permission.delegated ?? []).map((value) => ({ id: scopeId(api, value), type: 'Scope' }));
    const roles = (permission.application ?? []).map((value) => ({ id: roleId(api, value), type: 'Role' }));
    return { resourceAppId: api.appId, resourceAccess: [...scopes, ...roles] };
  });
}

function seedSecret(directory: Directory, applicationId: string, given: SeedSecret): void {
  const { value, name = null, startsAt, endsAt } = given;
  const hash = value === undefined ? given.hash : secretDigest(value);
  if (hash === undefined) throw new SeedError('A secret has no value.');
  const startAt = startsAt === undefined ? directory.clock.now() : Date.parse(startsAt);
  storeClientSecret(directory, applicationId, {
    keyId: given.keyId ?? stableGuid(`seeded-secret:${applicationId}:${hash}`),
    displayName: name,
    hint: given.hint ?? (value ?? '').slice(0, hintLength),
    hash,
    startAt,
    endAt: endsAt === undefined ? yearsAfter(startAt, secretYears) : Date.parse(endsAt),
  });
}

function yearsAfter(time: number, years: number): number {
  const date = new Date(time);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}
