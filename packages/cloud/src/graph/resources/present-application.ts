import type { Application } from '../../directory/applications.ts';
import { listClientSecrets } from '../../directory/client-secrets.ts';
import type { Directory } from '../../directory/open-directory.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { presentSecond } from '../operation/present-moment.ts';
import { presentProperties, toResourceType } from '../operation/property-table.ts';
import { applicationProperties } from './application-properties.ts';
import { presentClientSecret, presentKeyCredential } from './present-credentials.ts';

/**
 * Microsoft Graph's `application` resource, every field of a real answer included: clients rely on arrays
 * never being absent.
 */
export function presentApplication(directory: Directory, application: Application): GraphResource {
  const { id, appId, displayName, createdAt, deletedAt, document } = application;
  const { properties, ...fields } = document;
  return presentProperties(applicationProperties, {
    ...properties,
    ...fields,
    id,
    appId,
    displayName,
    createdDateTime: presentSecond(createdAt),
    deletedDateTime: presentSecond(deletedAt),
    keyCredentials: document.keyCredentials.map(presentKeyCredential),
    passwordCredentials: listClientSecrets(directory, id).map(presentClientSecret),
  });
}

export const applicationType = toResourceType('application', applicationProperties, {
  searchable: ['displayName', 'description', 'appId'],
});
