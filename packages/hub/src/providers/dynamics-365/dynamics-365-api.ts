import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';

/** What an application has to be permitted so that it can call Dynamics 365 for a person. */
export const dynamics365Api = {
  /** As the portal lists it under "API permissions". */
  title: 'Dynamics CRM',
  appId: wellKnownIds.dynamicsCrm,
  /** The one delegated permission. The API publishes no application permission. */
  permission: wellKnownScopes.dynamicsCrm.user_impersonation.value,
} as const;
