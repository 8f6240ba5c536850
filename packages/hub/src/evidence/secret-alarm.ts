import { failureSchema } from '@latchkey/api';
import { aadsts } from '@latchkey/microsoft';
import type { Kysely } from 'kysely';
import { watchRegistrationSoon } from '../due-work/registration-work.ts';
import { HubError, type HubErrorCode, toFailure } from '../errors/hub-error.ts';
import { recordEvent } from '../events/record-event.ts';
import { readColumn } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import type { Database, RegistrationRow } from '../store/schema.ts';
import { endSecretFailures, ofTheSecret } from './end-secret-failures.ts';

type AlarmContext = Pick<HubContext, 'clock' | 'random'>;

const refusals: ReadonlySet<HubErrorCode> = new Set(ofTheSecret);

/** @returns whether Microsoft has refused what an application proves itself by: it is one failure of all that use it */
export function isSecretRefused({ code }: { code: HubErrorCode }): boolean {
  return refusals.has(code);
}

/** @returns whether the tenant that was asked does not know the application at all */
export function isApplicationUnknown({ options }: HubError): boolean {
  return options.remote?.code === `AADSTS${aadsts.unknownClient}`;
}

/** What was refused, of which registration. */
interface RefusedCredential {
  id: string;
  /** As it was stored: as the vault sealed it; of a federated credential who is trusted. */
  credential: string | null;
}

const words = {
  secret: {
    name: 'client secret',
    remedy:
      'Give the registration another client secret on its page; all its connections go on with it. Nobody has to sign in again.',
  },
  certificate: {
    name: 'certificate',
    remedy:
      'Download the certificate on the registration’s page and upload it to the application again, or rotate it there; all its connections go on with it. Nobody has to sign in again.',
  },
  federated: {
    name: 'federated credential',
    remedy:
      'Compare issuer, subject and audience on the registration’s page with the federated credential in the application, or have an administrator sign in there to set it right; all its connections go on with it. Nobody has to sign in again.',
  },
} as const;
/** The tenant does not know the application that all of them prove. */
const ofApplication = {
  name: 'application',
  remedy:
    'Restore the application in the portal under “Deleted applications” within 30 days; all its connections go on with it. Else make a new registration.',
} as const;

/**
 * Records that Microsoft refuses a registration's credential, once for all its connections: those say so together, and ask no
 * more until it is accepted again, or another is there. Says nothing where it has been replaced since it was refused.
 */
export async function raiseSecretAlarm(
  db: Kysely<Database>,
  context: AlarmContext,
  refused: RefusedCredential,
  error: HubError,
): Promise<void> {
  const named = await db
    .selectFrom('registrations')
    .select(['name', 'credential_kind'])
    .where('id', '=', refused.id)
    .executeTakeFirst();
  if (!named) return;
  const { name: credential, remedy } = isApplicationUnknown(error)
    ? ofApplication
    : words[named.credential_kind];
  const failure = new HubError(error.code, {
    ...error.options,
    detail: `${error.message} It is the ${credential} of the registration "${named.name}".`,
    whoActs: 'administrator',
    remedy,
    cause: error,
  });
  const column = named.credential_kind === 'federated' ? 'federated_identity' : 'sealed_client_secret';
  const raised = await db
    .updateTable('registrations')
    .set({ secret_alarm: JSON.stringify(toFailure(failure)), secret_alarm_at: context.clock.now() })
    .where('id', '=', refused.id)
    .where(column, '=', refused.credential)
    .where('secret_alarm', 'is', null)
    .executeTakeFirst();
  if (raised.numUpdatedRows === 0n) return;
  await recordEvent(db, context, {
    subject: { kind: 'registration', id: refused.id },
    kind: 'secret_refused',
    summary: `Microsoft does not accept the ${credential}: no connection of the registration gets new tokens.`,
    failure,
  });
  await watchRegistrationSoon(db, context, refused.id);
}

/** Ends the alarm, and what the secret's refusal did to the connections: Microsoft has issued a token for the secret. */
export async function endSecretAlarm(
  db: Kysely<Database>,
  context: AlarmContext,
  registrationId: string,
): Promise<void> {
  const ended = await db
    .updateTable('registrations')
    .set({ secret_alarm: null, secret_alarm_at: null })
    .where('id', '=', registrationId)
    .where('secret_alarm', 'is not', null)
    .returning('credential_kind')
    .executeTakeFirst();
  if (!ended) return;
  await endSecretFailures(db, context, registrationId);
  await recordEvent(db, context, {
    subject: { kind: 'registration', id: registrationId },
    kind: 'secret_accepted',
    summary: `Microsoft accepts the ${words[ended.credential_kind].name} again: the connections of the registration go on.`,
  });
}

/** @returns the failure that is one of all connections of a registration; null when there is none */
export function readSecretAlarm(row: Pick<RegistrationRow, 'secret_alarm'>) {
  return row.secret_alarm === null
    ? null
    : readColumn(failureSchema, row.secret_alarm, 'registrations.secret_alarm');
}
