import { wellKnownAppRoles, wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import {
  type ApplicationDocument,
  type AppRole,
  emptyApplicationDocument,
  type PermissionScope,
} from '../application-document.ts';
import { stableGuid } from '../stable-guid.ts';
import { type MicrosoftService, microsoftServices, servicePrincipalNames } from './microsoft-services.ts';
import { impersonationScope } from './preauthorized-scopes.ts';

/** An application of Microsoft's own; every tenant has a service principal for it from the start. */
export interface FirstPartyApplication {
  appId: string;
  displayName: string;
  document: ApplicationDocument;
  servicePrincipalNames: string[];
}

type ScopeFacts = Omit<PermissionScope, 'isEnabled'>;
type RoleFacts = Pick<AppRole, 'id' | 'value' | 'displayName' | 'description'>;

/** Delegated permissions of Graph that registering apps and signing in touch, besides the well-known ones. */
const moreGraphScopes: ScopeFacts[] = [
  graphScope('c79f8feb-a9db-4090-85f9-90d820caa0eb', 'Application.Read.All', 'Admin', 'Read applications'),
  graphScope('06da0dbc-49e2-44d2-8312-53f166ab848a', 'Directory.Read.All', 'Admin', 'Read directory data'),
  graphScope(
    'a154be20-db9c-4678-8ab7-66f6cc099a59',
    'User.Read.All',
    'Admin',
    'Read all users’ full profiles',
  ),
  graphScope(
    '204e0828-b5ca-4ad8-b9f3-f32a958e7cc4',
    'User.ReadWrite.All',
    'Admin',
    'Read and write all users’ full profiles',
  ),
  graphScope(
    'b340eb25-3456-403f-be2f-af7a0d370277',
    'User.ReadBasic.All',
    'User',
    'Read all users’ basic profiles',
  ),
  graphScope(
    'f92e74e7-2563-467f-9dd0-902688cb5863',
    'User.EnableDisableAccount.All',
    'Admin',
    'Enable and disable user accounts',
  ),
  graphScope(
    'fc30e98b-8810-4501-81f5-c20a3196387b',
    'User.RevokeSessions.All',
    'Admin',
    'Revoke all sign in sessions for a user',
  ),
  graphScope(
    '741c54c3-0c1e-44a1-818b-3f97ab4e8c83',
    'RoleManagement.Read.Directory',
    'Admin',
    'Read directory RBAC settings',
  ),
  graphScope(
    'd01b97e9-cbc0-49fe-810a-750afd5527a3',
    'RoleManagement.ReadWrite.Directory',
    'Admin',
    'Read and write directory RBAC settings',
  ),
  graphScope(
    'f3bfad56-966e-4590-a536-82ecf548ac1e',
    'ConsentRequest.Read.All',
    'Admin',
    'Read consent requests',
  ),
];

const moreGraphRoles: RoleFacts[] = [
  graphRole('9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30', 'Application.Read.All', 'Read all applications'),
  graphRole(
    '18a4783c-866b-4cc7-a460-3d5e5662c884',
    'Application.ReadWrite.OwnedBy',
    'Manage apps that this app creates or owns',
  ),
  graphRole('7ab1d382-f21e-4acd-a863-ba3e13f7da61', 'Directory.Read.All', 'Read directory data'),
  graphRole('df021288-bdef-4463-88db-98f22de89214', 'User.Read.All', 'Read all users’ full profiles'),
  graphRole(
    '741f803b-c850-494e-b5df-cde7c675a1ca',
    'User.ReadWrite.All',
    'Read and write all users’ full profiles',
  ),
  graphRole(
    '3011c876-62b7-4ada-afa2-506cbbecc68c',
    'User.EnableDisableAccount.All',
    'Enable and disable user accounts',
  ),
  graphRole(
    '77f3a031-c388-4f99-b373-dc68676a979e',
    'User.RevokeSessions.All',
    'Revoke all sign in sessions for a user',
  ),
  graphRole(
    '483bed4a-2ad3-4361-a73b-c83ccdbdc53c',
    'RoleManagement.Read.Directory',
    'Read all directory RBAC settings',
  ),
  graphRole(
    '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8',
    'RoleManagement.ReadWrite.Directory',
    'Read and write all directory RBAC settings',
  ),
  graphRole('1260ad83-98fb-4785-abbb-d6cc1806fd41', 'ConsentRequest.Read.All', 'Read all consent requests'),
];

/** The portal's own pages that a sign-in and a sign-out end on. */
export const portalPaths = { signedIn: '/signin/index/', signedOut: '/signed-out' } as const;

const nativeRedirectUris = [
  'http://localhost',
  'https://login.microsoftonline.com/common/oauth2/nativeclient',
];

/** The permissions of each service; for those that are not here, to act as the person. */
const publishedPermissions: Readonly<
  Record<string, { scopes: readonly ScopeFacts[]; roles: readonly RoleFacts[] }>
> = {
  [wellKnownIds.microsoftGraph]: {
    scopes: [...Object.values(wellKnownScopes.microsoftGraph), ...moreGraphScopes],
    roles: [...Object.values(wellKnownAppRoles.microsoftGraph), ...moreGraphRoles],
  },
  // Dynamics CRM offers one delegated permission and no application permission at all.
  [wellKnownIds.dynamicsCrm]: { scopes: Object.values(wellKnownScopes.dynamicsCrm), roles: [] },
};

/** Microsoft's own services and public clients, as every tenant of the local cloud knows them. */
export const firstPartyApplications: FirstPartyApplication[] = [
  ...microsoftServices.map(resource),
  publicClient(wellKnownIds.graphCommandLineTools, 'Microsoft Graph Command Line Tools'),
  publicClient(wellKnownIds.azureCli, 'Microsoft Azure CLI'),
  publicClient(wellKnownIds.azurePowerShell, 'Microsoft Azure PowerShell'),
  publicClient(wellKnownIds.dynamicsDevelopmentTools, 'Dynamics 365 Development Tools', [
    'app://58145B91-0C36-4500-8554-080854F2AC97',
    ...nativeRedirectUris,
  ]),
  publicClient(wellKnownIds.azurePortal, 'Azure Portal', portalRedirectUris()),
];

function resource(service: MicrosoftService): FirstPartyApplication {
  const { appId, displayName, addresses } = service;
  const { scopes, roles } = publishedPermissions[appId] ?? { scopes: [impersonation(service)], roles: [] };
  const document = emptyApplicationDocument('microsoft.com');
  document.signInAudience = 'AzureADMultipleOrgs';
  document.identifierUris = [...addresses];
  document.api.oauth2PermissionScopes = scopes.map((scope) => ({ ...scope, isEnabled: true }));
  document.appRoles = roles.map((role) => ({
    ...role,
    allowedMemberTypes: ['Application'],
    isEnabled: true,
    origin: 'Application',
  }));
  return { appId, displayName, document, servicePrincipalNames: servicePrincipalNames(service) };
}

/** A client with no secret, usable by loopback redirect and by device code. */
function publicClient(
  appId: string,
  displayName: string,
  redirectUris = nativeRedirectUris,
): FirstPartyApplication {
  const document = emptyApplicationDocument('microsoft.com');
  document.signInAudience = 'AzureADMultipleOrgs';
  document.isFallbackPublicClient = true;
  document.publicClient.redirectUris = redirectUris;
  return { appId, displayName, document, servicePrincipalNames: [appId] };
}

/** Where Entra ID sends people back to the portal; the port of a loopback address does not count. */
function portalRedirectUris(): string[] {
  const { signedIn, signedOut } = portalPaths;
  return ['http://localhost', 'https://localhost'].flatMap((origin) => [
    origin + signedIn,
    origin + signedOut,
  ]);
}

/** Acting as the person, under the name that the service has for it. */
function impersonation({ appId, displayName }: MicrosoftService): ScopeFacts {
  const id = stableGuid(`impersonation:${appId}`);
  return graphScope(id, impersonationScope(appId), 'User', `Access ${displayName}`);
}

function graphScope(id: string, value: string, type: 'User' | 'Admin', title: string): ScopeFacts {
  return {
    id,
    value,
    type,
    adminConsentDisplayName: title,
    adminConsentDescription: `${title}, on behalf of the signed-in user.`,
    userConsentDisplayName: title,
    userConsentDescription: `${title}, on your behalf.`,
  };
}

function graphRole(id: string, value: string, title: string): RoleFacts {
  return { id, value, displayName: title, description: `${title}, without a signed-in user.` };
}
