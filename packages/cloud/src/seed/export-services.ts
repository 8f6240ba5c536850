import { wellKnownIds } from '@latchkey/microsoft';
import { listApplications } from '../directory/applications.ts';
import { firstPartyApplications } from '../directory/first-party/first-party-applications.ts';
import type { Directory } from '../directory/open-directory.ts';
import type { SeedService } from './seed-schema.ts';

/** The services that a seed made, and what it gave to Microsoft's. */
export function exportServices(directory: Directory): SeedService[] {
  return listApplications(directory, wellKnownIds.microsoftServicesTenant).flatMap(
    ({ appId, displayName, document }) => {
      const ofMicrosoft = firstPartyApplications.find((known) => known.appId === appId)?.document;
      const addresses = document.identifierUris.filter(
        (address) => !ofMicrosoft?.identifierUris.includes(address),
      );
      const delegated = document.api.oauth2PermissionScopes.map(({ value, id, type }) => ({
        value,
        id,
        consent: type === 'User' ? ('user' as const) : ('admin' as const),
      }));
      const application = document.appRoles.map(({ value, id }) => ({ value, id }));
      const isPlain = [addresses, delegated, application].every((list) => list.length === 0);
      return ofMicrosoft && isPlain ? [] : [{ displayName, appId, addresses, delegated, application }];
    },
  );
}
