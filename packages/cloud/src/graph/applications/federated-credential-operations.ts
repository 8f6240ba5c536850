import type { FederatedIdentityCredential } from '../../directory/application-document.ts';
import { type Application, updateApplication } from '../../directory/applications.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerCreated, answerEntity } from '../query/answer-entity.ts';
import { listedObjects } from '../query/object-set.ts';
import { findAddressedApplication } from './find-addressed-application.ts';
import {
  changeFederatedCredential,
  checkBesideOthers,
  readFederatedCredential,
} from './read-federated-credential.ts';

const read = [permissionRules.readApplications];
const write = [permissionRules.writeApplications];

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
    belowKeys('applications', permissions)(`/federatedIdentityCredentials${suffix}`, { method, handle }),
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

export function createCredential(call: GraphCall): GraphAnswer {
  const application = findManagedApplication(call);
  const credential = readFederatedCredential(call.body, call.context.random.guid());
  const others = credentialsOf(application);
  checkBesideOthers(others, credential);
  keep(call, application, [...others, credential]);
  return answerCreated(call, {
    context: contextOf(application),
    type: credentialType,
    resource: present(credential),
  });
}

export function updateCredential(call: GraphCall): GraphAnswer {
  const application = findManagedApplication(call);
  const changed = changeFederatedCredential(findCredential(call, application), call.body);
  const all = credentialsOf(application);
  checkBesideOthers(
    all.filter(({ id }) => id !== changed.id),
    changed,
  );
  keep(
    call,
    application,
    all.map((kept) => (kept.id === changed.id ? changed : kept)),
  );
  return { status: 204 };
}

export function deleteCredential(call: GraphCall): GraphAnswer {
  const application = findManagedApplication(call);
  const { id } = findCredential(call, application);
  keep(
    call,
    application,
    credentialsOf(application).filter((kept) => kept.id !== id),
  );
  return { status: 204 };
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
