import { failureSchema } from '@latchkey/api';
import type { Kysely } from 'kysely';
import { watchRegistrationSoon } from '../due-work/registration-work.ts';
import { HubError, type HubErrorCode, toFailure } from '../errors/hub-error.ts';
import { recordEvent } from '../events/record-event.ts';
import { readColumn } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import type { Database, RegistrationRow } from '../store/schema.ts';
import { endSecretFailures } from './end-secret-failures.ts';

type AlarmContext = Pick<HubContext, 'clock' | 'random'>;

const ofTheSecret: ReadonlySet<HubErrorCode> = new Set(['client_secret_expired', 'client_secret_wrong']);

/** @returns whether Microsoft has refused the client secret: it is one failure of all that use the secret */
export function isSecretRefused({ code }: { code: HubErrorCode }): boolean {
  return ofTheSecret.has(code);
}

/**
 * Records that Microsoft refuses a registration's secret, once for all its connections: those say so together, and ask no
 * more until another secret is there. Says nothing where the secret has been replaced since it was refused.
 *
 * @param refused the registration, with the secret that was refused as it was stored
 */
export async function raiseSecretAlarm(
  db: Kysely<Database>,
  context: AlarmContext,
  refused: Pick<RegistrationRow, 'id' | 'sealed_client_secret'>,
  error: HubError,
): Promise<void> {
  const named = await db
    .selectFrom('registrations')
    .select('name')
    .where('id', '=', refused.id)
    .where('sealed_client_secret', '=', refused.sealed_client_secret)
    .where('secret_alarm', 'is', null)
    .executeTakeFirst();
  if (!named) return;
  const failure = new HubError(error.code, {
    ...error.options,
    detail: `${error.message} It is the client secret of the registration "${named.name}".`,
    whoActs: 'administrator',
    remedy:
      'Give the registration another client secret on its page; all its connections go on with it. Nobody has to sign in again.',
    cause: error,
  });
  const raised = await db
    .updateTable('registrations')
    .set({ secret_alarm: JSON.stringify(toFailure(failure)), secret_alarm_at: context.clock.now() })
    .where('id', '=', refused.id)
    .where('sealed_client_secret', '=', refused.sealed_client_secret)
    .where('secret_alarm', 'is', null)
    .executeTakeFirst();
  if (raised.numUpdatedRows === 0n) return;
  await recordEvent(db, context, {
    subject: { kind: 'registration', id: refused.id },
    kind: 'secret_refused',
    summary:
      'Microsoft does not accept the client secret: no connection of the registration gets new tokens.',
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
    .executeTakeFirst();
  if (ended.numUpdatedRows === 0n) return;
  await endSecretFailures(db, context, registrationId);
  await recordEvent(db, context, {
    subject: { kind: 'registration', id: registrationId },
    kind: 'secret_accepted',
    summary: 'Microsoft accepts the client secret again: the connections of the registration go on.',
  });
}

/** @returns the failure that is one of all connections of a registration; null when there is none */
export function readSecretAlarm(row: Pick<RegistrationRow, 'secret_alarm'>) {
  return row.secret_alarm === null
    ? null
    : readColumn(failureSchema, row.secret_alarm, 'registrations.secret_alarm');
}
