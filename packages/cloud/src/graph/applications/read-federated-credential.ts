import type { FederatedIdentityCredential } from '../../directory/application-document.ts';
import { badRequest, GraphError, invalidValue } from '../errors/graph-error.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { readBody, readList, readText, readTextOrNull } from '../operation/read-body.ts';
import { withoutUnchanged } from '../operation/without-unchanged.ts';

/** "Important considerations and restrictions for federated identity credentials". */
const maximumCredentials = 20;
const maximumNameLength = 120;
const maximumTextLength = 600;
const namePattern = /^[A-Za-z0-9][\w-]*$/;

/** Reads a new credential. @throws GraphError 400 */
export function readFederatedCredential(given: unknown, id: string): FederatedIdentityCredential {
  const body = readBody(given, ['name', 'issuer', 'subject', 'description', 'audiences']);
  const name = readText(body.name, 'name', maximumNameLength);
  if (!namePattern.test(name)) throw invalidValue('name', 'Only letters, digits, - and _ may be in it.');
  return withChanges(
    { id, name, issuer: '', subject: '', description: null, audiences: [] },
    { issuer: null, subject: null, audiences: null, ...body },
  );
}

/** Reads what a call changes of a credential; its name never changes. @throws GraphError 400 */
export function changeFederatedCredential(
  credential: FederatedIdentityCredential,
  given: unknown,
): FederatedIdentityCredential {
  const updatable = ['issuer', 'subject', 'description', 'audiences'];
  return withChanges(credential, readBody(withoutUnchanged(given, { ...credential }, updatable), updatable));
}

/**
 * Checks that a credential may stand beside the others of its application: names are unique, and so are issuer and
 * subject together.
 *
 * @throws GraphError 400, 409
 */
export function checkBesideOthers(
  others: readonly FederatedIdentityCredential[],
  wanted: FederatedIdentityCredential,
): void {
  if (others.length >= maximumCredentials) {
    throw badRequest(
      `The application has ${maximumCredentials} federated identity credentials, the most there may be.`,
    );
  }
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

function withChanges(
  credential: FederatedIdentityCredential,
  { issuer, subject, description, audiences }: GraphResource,
): FederatedIdentityCredential {
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
