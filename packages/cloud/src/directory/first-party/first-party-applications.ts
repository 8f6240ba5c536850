import { wellKnownIds } from '@latchkey/microsoft';
import { type ApplicationDocument, emptyApplicationDocument } from '../application-document.ts';
import { type MicrosoftService, microsoftServices } from './microsoft-services.ts';

/** An application of Microsoft's own; every tenant has a service principal for it from the start. */
export interface FirstPartyApplication {
  appId: string;
  displayName: string;
  document: ApplicationDocument;
}

/** The portal's own pages that a sign-in and a sign-out end on. */
export const portalPaths = { signedIn: '/signin/index/', signedOut: '/signed-out' } as const;

const nativeRedirectUris = [
  'http://localhost',
  'https://login.microsoftonline.com/common/oauth2/nativeclient',
];

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

/** What a service publishes is in `microsoft-permissions.ts`: its document would be long, and is read for every token. */
function resource({ appId, displayName, addresses }: MicrosoftService): FirstPartyApplication {
  const document = emptyApplicationDocument('microsoft.com');
  document.signInAudience = 'AzureADMultipleOrgs';
  document.identifierUris = [...addresses];
  return { appId, displayName, document };
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
  return { appId, displayName, document };
}

/** Where Entra ID sends people back to the portal; the port of a loopback address does not count. */
function portalRedirectUris(): string[] {
  const { signedIn, signedOut } = portalPaths;
  return ['http://localhost', 'https://localhost'].flatMap((origin) => [
    origin + signedIn,
    origin + signedOut,
  ]);
}
