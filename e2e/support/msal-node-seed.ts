import type { Seed } from '@latchkey/cloud';

type Application = NonNullable<NonNullable<Seed['tenants']>[number]['applications']>[number];
type User = NonNullable<NonNullable<Seed['tenants']>[number]['users']>[number];

/** Apps of Contoso's, as somebody wrote them into a seed file. */
export const seededApps = {
  /** Signs people in with a secret. */
  web: {
    displayName: 'Web',
    appId: '5fa00000-0000-4000-8000-000000000011',
    redirectUris: { web: ['http://localhost/auth/redirect'] },
    secrets: [{ value: 'the-secret-of-the-web-app' }],
    grants: [{ api: 'Dynamics CRM', scopes: ['user_impersonation'] }],
  },
  /** Runs on a person's machine. */
  desktop: {
    displayName: 'Desktop',
    appId: '5fa00000-0000-4000-8000-000000000012',
    redirectUris: { publicClient: ['http://localhost', 'http://localhost/auth/redirect'] },
    publicClientFlows: true,
    grants: [
      { api: 'Dynamics CRM', scopes: ['user_impersonation'] },
      { api: 'Middle tier', scopes: ['access_as_user'] },
    ],
  },
  /** An API that calls Dynamics 365 as the person who called it. */
  middleTier: {
    displayName: 'Middle tier',
    appId: '5fa00000-0000-4000-8000-000000000013',
    secrets: [{ value: 'the-secret-of-the-middle-tier' }],
    grants: [{ api: 'Dynamics CRM', scopes: ['user_impersonation'] }],
    manifest: {
      identifierUris: ['api://5fa00000-0000-4000-8000-000000000013'],
      api: {
        oauth2PermissionScopes: [
          {
            id: '5fa00000-0000-4000-8000-0000000000a1',
            value: 'access_as_user',
            type: 'User',
            isEnabled: true,
            adminConsentDisplayName: 'Access the middle tier',
            adminConsentDescription: 'Lets the app call the middle tier as the signed-in person.',
          },
        ],
      },
    },
  },
} as const satisfies Record<string, Application>;

export const middleTierScope = `api://${seededApps.middleTier.appId}/access_as_user`;

/** Contoso with these apps, and with whomever a test needs besides. */
export function seedForMsalNode(users: User[] = [], applications: Application[] = []): Seed {
  return {
    tenants: [
      {
        displayName: 'Contoso',
        domains: ['contoso.onmicrosoft.com'],
        users,
        applications: [...Object.values(seededApps), ...applications],
      },
    ],
  };
}
