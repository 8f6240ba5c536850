import { emptyApplicationDocument } from '../../directory/application-document.ts';
import type { Application } from '../../directory/applications.ts';
import { type ClientSecret, listClientSecrets } from '../../directory/client-secrets.ts';
import type { Directory } from '../../directory/open-directory.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { presentSecond } from '../operation/present-moment.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { presentClientSecret, presentKeyCredential } from './present-credentials.ts';

/**
 * Microsoft Graph's `application` resource, every field of a real answer included: clients rely on arrays
 * never being absent.
 */
export function presentApplication(directory: Directory, application: Application): GraphResource {
  return toResource(application, listClientSecrets(directory, application.id));
}

export const noVerifiedPublisher = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

function toResource(application: Application, secrets: ClientSecret[]): GraphResource {
  const { document } = application;
  return {
    id: application.id,
    deletedDateTime: presentSecond(application.deletedAt),
    appId: application.appId,
    applicationTemplateId: null,
    createdDateTime: presentSecond(application.createdAt),
    displayName: application.displayName,
    description: document.description,
    groupMembershipClaims: document.groupMembershipClaims,
    identifierUris: document.identifierUris,
    isDeviceOnlyAuthSupported: null,
    isFallbackPublicClient: document.isFallbackPublicClient,
    notes: document.notes,
    optionalClaims: document.optionalClaims,
    publisherDomain: document.publisherDomain,
    signInAudience: document.signInAudience,
    tags: document.tags,
    tokenEncryptionKeyId: null,
    verifiedPublisher: noVerifiedPublisher,
    defaultRedirectUri: null,
    addIns: [],
    api: document.api,
    appRoles: document.appRoles,
    info: document.info,
    keyCredentials: document.keyCredentials.map(presentKeyCredential),
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
    passwordCredentials: secrets.map(presentClientSecret),
    publicClient: document.publicClient,
    requiredResourceAccess: document.requiredResourceAccess,
    spa: document.spa,
    web: document.web,
  };
}

export const applicationType: ResourceType = {
  name: 'application',
  searchable: ['displayName', 'description', 'appId'],
  properties: Object.keys(
    toResource(
      {
        id: '',
        tenantId: '',
        appId: '',
        displayName: '',
        createdAt: 0,
        deletedAt: null,
        document: emptyApplicationDocument(null),
      },
      [],
    ),
  ),
};
