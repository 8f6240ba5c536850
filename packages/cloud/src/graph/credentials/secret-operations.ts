import type { ClientSecret, ClientSecretWish } from '../../directory/client-secrets.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { millisecondsPerDay } from '../../ground/durations.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { badRequest, GraphError, invalidValue } from '../errors/graph-error.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
} from '../operation/graph-operation.ts';
import { readBody, readDateTime, readGuid, readRecord, readTextOrNull } from '../operation/read-body.ts';
import { presentClientSecret } from '../resources/present-credentials.ts';

const write = [permissionRules.writeApplications];
const maximumNameLength = 120;
const defaultYears = 2;

/** Whatever has client secrets: an application, or a service principal of its own. */
export interface SecretHolder {
  tenantId: string;
  /** The most that it may have where personal Microsoft accounts sign in; null for any number. */
  maximumSecrets: number | null;
  list: () => readonly ClientSecret[];
  add: (wish: ClientSecretWish) => ClientSecret & { secretText: string };
  /** Returns whether there was such a secret. */
  remove: (keyId: string) => boolean;
}

/**
 * `addPassword` and `removePassword` of a set's objects.
 *
 * @param find the object that the path names, which the caller may change
 */
export function secretOperations(set: string, find: (call: GraphCall) => SecretHolder): GraphOperation[] {
  return [
    ...belowKeys(set, write)('/addPassword', {
      method: 'POST',
      handle: (call) => addSecret(call, find(call)),
    }),
    ...belowKeys(set, write)('/removePassword', {
      method: 'POST',
      handle: (call) => removeSecret(call, find(call)),
    }),
  ];
}

/** Answers 200, not 201, with the secret's text: the one time that it is seen. */
export function addSecret(call: GraphCall, holder: SecretHolder): GraphAnswer {
  const { directory, clock } = call.context;
  const body = call.body === undefined ? {} : readBody(call.body, ['passwordCredential']);
  const wish = readSecret(body.passwordCredential ?? {}, clock.now());
  const { maximumSecrets } = holder;
  if (maximumSecrets !== null && holder.list().length >= maximumSecrets) {
    throw badRequest(
      `The application has ${maximumSecrets} secrets, the most where personal Microsoft accounts sign in.`,
    );
  }
  checkSecretPolicy(directory, holder.tenantId, wish);
  const { secretText, ...secret } = holder.add(wish);
  return {
    status: 200,
    body: {
      '@odata.context': `${call.serviceRoot}/$metadata#microsoft.graph.passwordCredential`,
      ...presentClientSecret(secret),
      secretText,
    },
  };
}

/** Removes a secret by its `keyId`. */
export function removeSecret(call: GraphCall, holder: SecretHolder): GraphAnswer {
  const keyId = readGuid(readBody(call.body, ['keyId']).keyId, 'keyId');
  if (!holder.remove(keyId)) throw badRequest(`No password credential found with keyId '${keyId}'.`);
  return { status: 204 };
}

function readSecret(value: unknown, now: number): ClientSecretWish {
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
  { startAt, endAt }: Pick<ClientSecretWish, 'startAt' | 'endAt'>,
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
