import type { LocalCloud } from '@latchkey/cloud';
import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { signInAsAdministrator } from './sign-in-as-administrator.ts';

/** An app as somebody registered it by hand in the directory. */
export interface RegisteredApp {
  tenantId: string;
  clientId: string;
  clientSecret: string;
  objectId: string;
}

export interface RegisterAppOptions {
  redirectUris?: string[];
  publicClientRedirectUris?: string[];
  adminConsent?: boolean;
  /** "Allow public client flows": device codes need it. */
  isFallbackPublicClient?: boolean;
  secretEndsAt?: Date;
  /** Further properties, as Graph takes them; they win over the ones above. */
  application?: Record<string, unknown>;
}

/** Registers an app with the Dynamics CRM permission through the local Microsoft Graph, as an administrator. */
export async function registerApp(
  cloud: LocalCloud,
  options: RegisterAppOptions = {},
): Promise<RegisteredApp> {
  const graph = await createGraphCaller(cloud);
  const { id: objectId, appId } = await graph<{ id: string; appId: string }>('POST', '/applications', {
    displayName: 'By hand',
    signInAudience: 'AzureADMyOrg',
    web: { redirectUris: options.redirectUris ?? [] },
    publicClient: { redirectUris: options.publicClientRedirectUris ?? [] },
    isFallbackPublicClient: options.isFallbackPublicClient ?? null,
    requiredResourceAccess: [
      {
        resourceAppId: wellKnownIds.dynamicsCrm,
        resourceAccess: [{ id: wellKnownScopes.dynamicsCrm.user_impersonation.id, type: 'Scope' }],
      },
    ],
    ...options.application,
  });
  const principal = await graph<{ id: string }>('POST', '/servicePrincipals', { appId });
  if (options.adminConsent) {
    const { value } = await graph<{ value: { id: string }[] }>(
      'GET',
      `/servicePrincipals?$filter=appId eq '${wellKnownIds.dynamicsCrm}'`,
    );
    await graph('POST', '/oauth2PermissionGrants', {
      clientId: principal.id,
      consentType: 'AllPrincipals',
      principalId: null,
      resourceId: value[0]?.id,
      scope: 'user_impersonation',
    });
  }
  const { secretText } = await graph<{ secretText: string }>(
    'POST',
    `/applications/${objectId}/addPassword`,
    {
      passwordCredential: {
        displayName: 'by hand',
        ...(options.secretEndsAt ? { endDateTime: options.secretEndsAt.toISOString() } : {}),
      },
    },
  );
  const { value } = await graph<{ value: { id: string }[] }>('GET', '/organization');
  return { tenantId: value[0]?.id ?? '', clientId: appId, clientSecret: secretText, objectId };
}

export type GraphCaller = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/**
 * Calls the local Microsoft Graph as the administrator.
 *
 * @param scopes Graph's permissions; those that register apps when left out
 */
export async function createGraphCaller(cloud: LocalCloud, scopes?: readonly string[]): Promise<GraphCaller> {
  const token = await signInAsAdministrator(cloud, scopes);
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${cloud.graph.http}/v1.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  };
}
