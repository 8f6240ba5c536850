import { addClientSecret, listClientSecrets, removeClientSecret } from '../../directory/client-secrets.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { allowsPersonalAccounts } from '../../directory/personal-accounts.ts';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { millisecondsPerDay } from '../../ground/durations.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { badRequest, GraphError, invalidValue } from '../errors/graph-error.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { readBody, readDateTime, readGuid, readRecord, readTextOrNull } from '../operation/read-body.ts';
import { presentClientSecret } from '../resources/present-application.ts';
import { maximumNameLength } from './apply-application-properties.ts';
import { findAddressedApplication } from './find-addressed-application.ts';

const write = [permissionRules.writeApplications];
const defaultYears = 2;
/** "Supported accounts validation": secrets of an application that lets personal accounts in. */
const maximumPersonalSecrets = 2;

/** `addPassword` and `removePassword` of an application. */
export const passwordOperations: GraphOperation[] = [
  ...withKeyForm('applications', '/addPassword', { method: 'POST', permissions: write, handle: addPassword }),
  ...withKeyForm('applications', '/removePassword', {
    method: 'POST',
    permissions: write,
    handle: removePassword,
  }),
];

/** Answers 200, not 201, with the secret's text: the one time that it is seen. */
export function addPassword(call: GraphCall): GraphAnswer {
  const { directory, clock } = call.context;
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  const body = call.body === undefined ? {} : readBody(call.body, ['passwordCredential']);
  const wanted = readSecret(body.passwordCredential ?? {}, clock.now());
  const personal = allowsPersonalAccounts(application);
  if (personal && listClientSecrets(directory, application.id).length >= maximumPersonalSecrets) {
    throw badRequest(
      `The application has ${maximumPersonalSecrets} secrets, the most where personal Microsoft accounts sign in.`,
    );
  }
  checkSecretPolicy(directory, application.tenantId, wanted);
  const { secretText, ...secret } = addClientSecret(directory, application.id, wanted);
  return {
    status: 200,
    body: {
      '@odata.context': `${call.serviceRoot}/$metadata#microsoft.graph.passwordCredential`,
      ...presentClientSecret(secret),
      secretText,
    },
  };
}

function readSecret(value: unknown, now: number) {
  const property = 'passwordCredential';
  const wanted = readRecord(value, property, [
    'displayName',
    'startDateTime',
    'endDateTime',
    'customKeyIdentifier',
    'keyId',
    'hint',
    'secretText',
  ]);
  if ((wanted.secretText ?? null) !== null) {
    throw invalidValue(`${property}.secretText`, 'New password must be empty: the service makes it.');
  }
  const { startDateTime, endDateTime } = wanted;
  const startAt = startDateTime == null ? now : readDateTime(startDateTime, `${property}.startDateTime`);
  const endAt =
    endDateTime == null
      ? yearsLater(startAt, defaultYears)
      : readDateTime(endDateTime, `${property}.endDateTime`);
  if (endAt <= startAt) throw invalidValue(`${property}.endDateTime`, 'It must be after startDateTime.');
  if (endAt <= now) throw invalidValue(`${property}.endDateTime`, 'It must be in the future.');
  return {
    displayName: readTextOrNull(wanted.displayName ?? null, `${property}.displayName`, maximumNameLength),
    startAt,
    endAt,
  };
}

/** The tenant's app management policy. */
function checkSecretPolicy(
  directory: Directory,
  tenantId: string,
  { startAt, endAt }: { startAt: number; endAt: number },
): void {
  const { clientSecrets, longestSecretDays } = tenantPolicy(directory, tenantId);
  if (clientSecrets === 'forbidden') {
    throw new GraphError(
      400,
      'CredentialTypeNotAllowedAsPerAppPolicy',
      'Credential type is not allowed as per assigned policy.',
    );
  }
  if (longestSecretDays !== null && endAt - startAt > longestSecretDays * millisecondsPerDay) {
    throw new GraphError(
      400,
      'CredentialInvalidLifetimeAsPerAppPolicy',
      `Credential lifetime exceeds the max value allowed as per assigned policy: ${longestSecretDays} days.`,
    );
  }
}

function yearsLater(time: number, years: number): number {
  const date = new Date(time);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.getTime();
}

/** Removes a secret by its `keyId`. */
export function removePassword(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  const keyId = readGuid(readBody(call.body, ['keyId']).keyId, 'keyId');
  if (!removeClientSecret(directory, application.id, keyId)) {
    throw badRequest(`No password credential found with keyId '${keyId}'.`);
  }
  return { status: 204 };
}
