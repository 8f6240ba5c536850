import { aadsts, isGuid, wellKnownIds } from '@latchkey/microsoft';
import type { CloudContext } from '../../cloud-context.ts';
import type { ApplicationDocument } from '../../directory/application-document.ts';
import { findApplicationByAppId } from '../../directory/applications.ts';
import { findServiceByAddress } from '../../directory/first-party/microsoft-services.ts';
import { installApplication } from '../../directory/install-application.ts';
import { type Directory, selectOne } from '../../directory/open-directory.ts';
import { allowsPersonalAccounts, isPersonalTenant } from '../../directory/personal-accounts.ts';
import { type PreauthorizedClient, preauthorizedClientsOf } from '../../directory/preauthorized-clients.ts';
import { findServicePrincipalByAppId, type ServicePrincipal } from '../../directory/service-principals.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { findEnvironmentByOrigin } from '../../environment-origins.ts';
import { isRecord } from '../../ground/json.ts';
import { globalDiscoveryOrigins, graphOrigins } from '../../microsoft-origins.ts';
import type { ServiceOrigins } from '../../service-origins.ts';
import { EntraError } from '../errors/entra-error.ts';

/** An API that tokens are issued for, as it stands in one tenant. */
export interface Resource {
  appId: string;
  principal: ServicePrincipal;
  /** What v1-shaped tokens carry as `aud`: the resource as the request named it. */
  audience: string;
  /** The shape of its access tokens, which the API chooses, not the endpoint. */
  tokenVersion: 1 | 2;
  /** The optional claims that the API wants in its access tokens. */
  optionalClaims: readonly OptionalClaim[];
  /** What its access tokens tell of a person's groups and directory roles. */
  groupMembershipClaims: string | null;
  /** The clients that it gives scopes ahead of any consent. */
  preauthorizedClients: readonly PreauthorizedClient[];
}

type ResourceContext = Pick<CloudContext, 'directory' | 'addresses'>;

const v2TokenVersion = 2;
/** The services of Microsoft's tell what a client said that it can do: `cp1`, take a claims challenge. */
const microsoftOptionalClaims: readonly OptionalClaim[] = [{ name: 'xms_cc', additionalProperties: [] }];
/** Graph's tokens say whether they stand for an app or a person; command lines go by it. */
const graphOptionalClaims: readonly OptionalClaim[] = [
  { name: 'idtyp', additionalProperties: ['include_user_token'] },
  ...microsoftOptionalClaims,
];

/**
 * Finds the API that an identifier names in a tenant: an environment's address (Microsoft's or the local one),
 * Graph and Microsoft's other services, an application's GUID or one of its identifier URIs; with or without a
 * trailing slash.
 *
 * @throws EntraError 500011 when the tenant knows no such API, 50001 when it was switched off there, 90124 when it is
 * none for personal accounts
 */
export function findResource(context: ResourceContext, tenant: Tenant, identifier: string): Resource {
  const name = comparableForm(identifier);
  const appId = wellKnownResource(context, tenant, name) ?? applicationNamed(context.directory, name);
  const principal = appId && findPrincipal(context.directory, tenant, appId);
  if (!principal && isPersonalTenant(tenant)) {
    throw new EntraError(aadsts.resourceNotForCommonOrConsumers, {
      appId: appId ?? identifier,
      name: identifier,
      resource: identifier,
    });
  }
  if (!principal)
    throw new EntraError(aadsts.resourcePrincipalNotFound, {
      resource: identifier,
      tenant: tenant.id,
    });
  if (!principal.accountEnabled) throw new EntraError(aadsts.invalidResource, { resource: identifier });
  return {
    appId: principal.appId,
    principal,
    audience: identifier,
    ...readSettings(context.directory, principal.appId),
  };
}

/** Personal accounts know every application that is open to them; nobody has to let it into their tenant. */
function findPrincipal(directory: Directory, tenant: Tenant, appId: string): ServicePrincipal | undefined {
  const known = findServicePrincipalByAppId(directory, tenant.id, appId);
  if (known || !isPersonalTenant(tenant)) return known;
  const application = findApplicationByAppId(directory, appId);
  return application && allowsPersonalAccounts(application)
    ? installApplication(directory, tenant.id, application)
    : undefined;
}

function wellKnownResource(
  { directory, addresses }: ResourceContext,
  tenant: Tenant,
  name: string,
): string | undefined {
  if (graphOrigins.includes(name) || isOneOf(addresses.graph, name)) return wellKnownIds.microsoftGraph;
  if (globalDiscoveryOrigins.includes(name)) return wellKnownIds.dynamicsCrm;
  const environment = findEnvironmentByOrigin({ directory, addresses }, name);
  if (environment) return environment.tenantId === tenant.id ? wellKnownIds.dynamicsCrm : undefined;
  return findServiceByAddress(name);
}

function applicationNamed(directory: Directory, name: string): string | undefined {
  const guid = name.replace(/^api:\/\//, '');
  if (isGuid(guid)) return guid;
  const row = selectOne<{ app_id: string }>(
    directory,
    `SELECT app_id FROM applications, json_each(document, '$.identifierUris') AS uri
     WHERE deleted_at IS NULL AND rtrim(lower(uri.value), '/') = ? LIMIT 1`,
    name,
  );
  return row?.app_id;
}

function readSettings(
  directory: Directory,
  appId: string,
): Omit<Resource, 'appId' | 'principal' | 'audience'> {
  const ofMicrosoft = {
    tokenVersion: 1,
    optionalClaims: microsoftOptionalClaims,
    groupMembershipClaims: 'DirectoryRole',
    preauthorizedClients: [],
  } as const;
  if (appId === wellKnownIds.microsoftGraph) return { ...ofMicrosoft, optionalClaims: graphOptionalClaims };
  if (appId === wellKnownIds.dynamicsCrm) return ofMicrosoft;
  const application = findApplicationByAppId(directory, appId);
  if (!application || application.tenantId === wellKnownIds.microsoftServicesTenant) return ofMicrosoft;
  const { document } = application;
  return {
    tokenVersion: document.api.requestedAccessTokenVersion === v2TokenVersion ? 2 : 1,
    optionalClaims: listOptionalClaims(document, 'accessToken'),
    groupMembershipClaims: document.groupMembershipClaims,
    preauthorizedClients: preauthorizedClientsOf(document),
  };
}

function isOneOf(origins: ServiceOrigins, name: string): boolean {
  return name === origins.http || name === origins.https;
}

function comparableForm(identifier: string): string {
  const name = identifier.toLowerCase();
  return name.endsWith('/') ? name.slice(0, -1) : name;
}

/** A claim that an application lists under `optionalClaims`. */
export interface OptionalClaim {
  name: string;
  /** What changes the claim's form, such as `use_guid`. */
  additionalProperties: readonly unknown[];
}

/** The optional claims that an application lists for a kind of token. */
export function listOptionalClaims(
  { optionalClaims }: Pick<ApplicationDocument, 'optionalClaims'>,
  token: 'accessToken' | 'idToken',
): OptionalClaim[] {
  const listed: unknown = isRecord(optionalClaims) ? optionalClaims[token] : undefined;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((claim: unknown) => {
    if (!isRecord(claim) || typeof claim.name !== 'string') return [];
    const { additionalProperties } = claim;
    return {
      name: claim.name,
      additionalProperties: Array.isArray(additionalProperties) ? additionalProperties : [],
    };
  });
}

/** Whether a claim is listed, and with this addition where one is named. */
export function hasOptionalClaim(claims: readonly OptionalClaim[], name: string, addition?: string): boolean {
  return claims.some(
    (claim) =>
      claim.name === name && (addition === undefined || claim.additionalProperties.includes(addition)),
  );
}
