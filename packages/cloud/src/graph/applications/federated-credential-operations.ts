import type { FederatedIdentityCredential } from '../../directory/application-document.ts';
import { type Application, updateApplication } from '../../directory/applications.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { badRequest, GraphError, invalidValue, resourceNotFound } from '../graph-error.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  withKeyForm,
} from '../graph-operation.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerCreated, answerEntity } from '../query/answer-entity.ts';
import { listedObjects } from '../query/object-set.ts';
import type { ResourceType } from '../query/resource-type.ts';
import { readBody, readList, readText, readTextOrNull } from '../read-body.ts';
import { findAddressedApplication } from './find-addressed-application.ts';

const read = [permissionRules.readApplications];
const write = [permissionRules.writeApplications];
/** "Important considerations and restrictions for federated identity credentials". */
const maximumCredentials = 20;
const maximumNameLength = 120;
const maximumTextLength = 600;
const namePattern = /^[A-Za-z0-9][\w-]*$/;

const credentialType: ResourceType = {
  name: 'federatedIdentityCredential',
  properties: ['id', 'name', 'issuer', 'subject', 'description', 'audiences'],
};

/** `/applications/{id}/federatedIdentityCredentials`: whose assertions stand for the application's own. */
export const federatedCredentialOperations: GraphOperation[] = [
  ...operationsOf('', [
    ['POST', write, createCredential],
    ['GET', read, listCredentials],
  ]),
  ...operationsOf('/:credential', [
    ['GET', read, getCredential],
    ['PATCH', write, updateCredential],
    ['DELETE', write, deleteCredential],
  ]),
];

function operationsOf(
  suffix: string,
  rows: [GraphOperation['method'], GraphOperation['permissions'], GraphOperation['handle']][],
): GraphOperation[] {
  return rows.flatMap(([method, permissions, handle]) =>
    withKeyForm('applications', `/federatedIdentityCredentials${suffix}`, { method, permissions, handle }),
  );
}

function listCredentials(call: GraphCall): GraphAnswer {
  const application = findAddressedApplication(call);
  return answerCollection(call, {
    context: contextOf(application),
    type: credentialType,
    objects: listedObjects(credentialsOf(application).map(present)),
  });
}

function getCredential(call: GraphCall): GraphAnswer {
  const application = findAddressedApplication(call);
  return answerEntity(call, {
    context: contextOf(application),
    type: credentialType,
    resource: present(findCredential(call, application)),
  });
}

function createCredential(call: GraphCall): GraphAnswer {
  const application = findManagedApplication(call);
  const body = readBody(call.body, ['name', 'issuer', 'subject', 'description', 'audiences']);
  const name = readText(body.name, 'name', maximumNameLength);
  if (!namePattern.test(name)) throw invalidValue('name', 'Only letters, digits, - and _ may be in it.');
  const credential = withChanges(
    { id: call.context.random.guid(), name, issuer: '', subject: '', description: null, audiences: [] },
    { issuer: null, subject: null, audiences: null, ...body },
  );
  const others = credentialsOf(application);
  if (others.length >= maximumCredentials) {
    throw badRequest(
      `The application has ${maximumCredentials} federated identity credentials, the most there may be.`,
    );
  }
  refuseConflict(others, credential);
  keep(call, application, [...others, credential]);
  return answerCreated(call, {
    context: contextOf(application),
    type: credentialType,
    resource: present(credential),
  });
}

function updateCredential(call: GraphCall): GraphAnswer {
  const application = findManagedApplication(call);
  const credential = findCredential(call, application);
  const body = readBody(call.body, ['issuer', 'subject', 'description', 'audiences']);
  const changed = withChanges(credential, body);
  const others = credentialsOf(application).filter(({ id }) => id !== credential.id);
  refuseConflict(others, changed);
  keep(
    call,
    application,
    credentialsOf(application).map((kept) => (kept.id === changed.id ? changed : kept)),
  );
  return { status: 204 };
}

function deleteCredential(call: GraphCall): GraphAnswer {
  const application = findManagedApplication(call);
  const { id } = findCredential(call, application);
  keep(
    call,
    application,
    credentialsOf(application).filter((kept) => kept.id !== id),
  );
  return { status: 204 };
}

function withChanges(
  credential: FederatedIdentityCredential,
  body: GraphResource,
): FederatedIdentityCredential {
  const { issuer, subject, description, audiences } = body;
  return {
    ...credential,
    ...(issuer !== undefined && { issuer: readIssuer(issuer) }),
    ...(subject !== undefined && { subject: readText(subject, 'subject', maximumTextLength) }),
    ...(description !== undefined && {
      description: readTextOrNull(description, 'description', maximumTextLength),
    }),
    ...(audiences !== undefined && { audiences: readAudiences(audiences) }),
  };
}

function readIssuer(value: unknown): string {
  const issuer = readText(value, 'issuer', maximumTextLength);
  if (!URL.canParse(issuer)) throw invalidValue('issuer', 'Expected a URL.');
  return issuer;
}

function readAudiences(value: unknown): string[] {
  const audiences = readList(value, 'audiences', (item, name) => readText(item, name, maximumTextLength));
  if (audiences.length !== 1) throw invalidValue('audiences', 'Expected exactly one audience.');
  return audiences;
}

/** Names are unique within an application, and so are issuer and subject together. */
function refuseConflict(
  others: readonly FederatedIdentityCredential[],
  wanted: FederatedIdentityCredential,
): void {
  if (others.some(({ name }) => name === wanted.name)) {
    throw new GraphError(
      409,
      'Request_MultipleObjectsWithSameKeyValue',
      `FederatedIdentityCredential with name ${wanted.name} already exists.`,
    );
  }
  if (others.some(({ issuer, subject }) => issuer === wanted.issuer && subject === wanted.subject)) {
    throw badRequest('The combination of issuer and subject must be unique on the application.');
  }
}

function keep(
  { context: { directory } }: GraphCall,
  { id, displayName, document }: Application,
  federatedIdentityCredentials: FederatedIdentityCredential[],
): void {
  updateApplication(directory, { id, displayName, document: { ...document, federatedIdentityCredentials } });
}

function findManagedApplication(call: GraphCall): Application {
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, call.context.directory, application);
  return application;
}

/** By its id or its name. @throws GraphError 404 */
function findCredential({ params }: GraphCall, application: Application): FederatedIdentityCredential {
  const key = params.credential ?? '';
  const credential = credentialsOf(application).find(
    ({ id, name }) => id === key.toLowerCase() || name === key,
  );
  if (!credential) throw resourceNotFound(key);
  return credential;
}

function credentialsOf({ document }: Application): readonly FederatedIdentityCredential[] {
  return document.federatedIdentityCredentials ?? [];
}

function contextOf({ id }: Application): string {
  return `applications('${id}')/federatedIdentityCredentials`;
}

function present(credential: FederatedIdentityCredential): GraphResource {
  return { ...credential };
}
