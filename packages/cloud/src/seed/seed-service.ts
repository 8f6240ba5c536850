import { wellKnownIds } from '@latchkey/microsoft';
import {
  type ApplicationDocument,
  type AppRole,
  emptyApplicationDocument,
  type PermissionScope,
} from '../directory/application-document.ts';
import {
  type Application,
  createApplication,
  findApplicationByAppId,
  listApplications,
  updateApplication,
} from '../directory/applications.ts';
import { microsoftPermissions } from '../directory/first-party/microsoft-permissions.ts';
import type { Directory } from '../directory/open-directory.ts';
import { stableGuid } from '../directory/stable-guid.ts';
import { SeedError } from './seed-error.ts';
import type { SeedService } from './seed-schema.ts';

/**
 * Makes a service that every tenant knows, as if it were Microsoft's, or gives more permissions and addresses to one
 * that is there. What it has already is left as it is.
 *
 * @throws SeedError
 */
export function seedService(directory: Directory, given: SeedService): void {
  const known = findService(directory, given);
  const appId = known?.appId ?? given.appId ?? stableGuid(`seeded-service:${given.displayName}`);
  const document = withAdditions(known?.document ?? newDocument(), appId, given);
  if (known) {
    updateApplication(directory, { ...known, document });
    return;
  }
  createApplication(directory, {
    id: stableGuid(`application:${appId}`),
    tenantId: wellKnownIds.microsoftServicesTenant,
    appId,
    displayName: given.displayName,
    createdAt: directory.clock.now(),
    document,
  });
}

function findService(directory: Directory, { appId, displayName }: SeedService): Application | undefined {
  if (appId === undefined) {
    const name = displayName.toLowerCase();
    return listApplications(directory, wellKnownIds.microsoftServicesTenant).find(
      (application) => application.displayName.toLowerCase() === name,
    );
  }
  const known = findApplicationByAppId(directory, appId);
  if (known && known.tenantId !== wellKnownIds.microsoftServicesTenant) {
    throw new SeedError(`The service '${displayName}' can't have the id of '${known.displayName}'.`);
  }
  return known;
}

function newDocument(): ApplicationDocument {
  return { ...emptyApplicationDocument('microsoft.com'), signInAudience: 'AzureADMultipleOrgs' };
}

function withAdditions(
  document: ApplicationDocument,
  appId: string,
  given: SeedService,
): ApplicationDocument {
  const ofMicrosoft = microsoftPermissions(appId);
  const { api, appRoles, identifierUris } = document;
  const newOnes = <T extends { value: string }>(wanted: readonly T[], ...there: (readonly T[])[]): T[] => {
    const values = new Set(there.flat().map(({ value }) => value.toLowerCase()));
    return wanted.filter(({ value }) => !values.has(value.toLowerCase()));
  };
  const scopes = (given.delegated ?? []).map((permission) => toScope(appId, permission));
  const roles = (given.application ?? []).map((permission) => toRole(appId, permission));
  return {
    ...document,
    identifierUris: [...new Set([...identifierUris, ...(given.addresses ?? [])])],
    api: {
      ...api,
      oauth2PermissionScopes: [
        ...api.oauth2PermissionScopes,
        ...newOnes(scopes, api.oauth2PermissionScopes, ofMicrosoft?.scopes ?? []),
      ],
    },
    appRoles: [...appRoles, ...newOnes(roles, appRoles, ofMicrosoft?.roles ?? [])],
  };
}

type Given<Kind extends 'delegated' | 'application'> = NonNullable<SeedService[Kind]>[number];

function toScope(appId: string, given: Given<'delegated'>): PermissionScope {
  const { value, id, consent = 'user' } = typeof given === 'string' ? { value: given } : given;
  return {
    id: id ?? stableGuid(`seeded-scope:${appId}:${value}`),
    value,
    type: consent === 'user' ? 'User' : 'Admin',
    isEnabled: true,
    adminConsentDisplayName: value,
    adminConsentDescription: value,
    userConsentDisplayName: value,
    userConsentDescription: value,
  };
}

function toRole(appId: string, given: Given<'application'>): AppRole {
  const { value, id } = typeof given === 'string' ? { value: given, id: undefined } : given;
  return {
    id: id ?? stableGuid(`seeded-role:${appId}:${value}`),
    value,
    displayName: value,
    description: value,
    allowedMemberTypes: ['Application'],
    isEnabled: true,
    origin: 'Application',
  };
}
