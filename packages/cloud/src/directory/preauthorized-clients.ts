import type { ApplicationDocument } from './application-document.ts';

/** A client that needs no consent for some of an application's scopes. */
export interface PreauthorizedClient {
  appId: string;
  delegatedPermissionIds: string[];
}

/** Graph's `preAuthorizedApplications`; entries of any other form are passed over. */
export function preauthorizedClientsOf({ api }: Pick<ApplicationDocument, 'api'>): PreauthorizedClient[] {
  return api.preAuthorizedApplications.filter(isClient);
}

function isClient(value: unknown): value is PreauthorizedClient {
  return (
    typeof value === 'object' &&
    value !== null &&
    'appId' in value &&
    typeof value.appId === 'string' &&
    'delegatedPermissionIds' in value &&
    Array.isArray(value.delegatedPermissionIds)
  );
}
