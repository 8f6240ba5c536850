import { wellKnownIds } from '@latchkey/microsoft';
import { findApplicationByAppId, updateApplication } from '../../directory/applications.ts';
import { portalPaths } from '../../directory/first-party.ts';
import { matchRedirectUri } from '../../directory/match-redirect-uri.ts';
import type { Directory } from '../../directory/open-directory.ts';

/**
 * Registers the portal's own redirect URIs at an origin where they are missing: which origins there are depends on
 * where it listens, which no seed knows.
 *
 * @param origin one of the portal's own, never a name that a request made up
 */
export function allowRedirectUris(directory: Directory, origin: string): void {
  const portal = findApplicationByAppId(directory, wellKnownIds.azurePortal);
  if (!portal) return;
  const { id, displayName, document } = portal;
  const missing = [portalPaths.signedIn, portalPaths.signedOut]
    .map((path) => origin + path)
    .filter((uri) => matchRedirectUri(document, uri) === undefined);
  if (missing.length === 0) return;
  const redirectUris = [...document.publicClient.redirectUris, ...missing];
  updateApplication(directory, {
    id,
    displayName,
    document: { ...document, publicClient: { redirectUris } },
  });
}
