import { type Kysely, sql } from 'kysely';
import { connectionWork } from '../due-work/work-kinds.ts';
import type { HubErrorCode } from '../errors/hub-error.ts';
import type { Clock } from '../ground/clock.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import type { Database } from '../store/schema.ts';
import { noFailure } from './record-evidence.ts';

const takenUpWithin = 5 * millisecondsPerMinute;

/** What Microsoft says of what an application proves itself by, and of nothing else. */
export const ofTheSecret: readonly HubErrorCode[] = [
  'client_secret_expired',
  'client_secret_wrong',
  'client_certificate_refused',
  'federated_credential_refused',
];

/**
 * Ends, by one statement, the failures that a registration's old secret has caused its connections: Microsoft has issued a
 * token for the new one. Connections with a secret or certificate of their own keep theirs. To be called in the transaction that stores
 * the new secret.
 */
export async function endSecretFailures(
  db: Kysely<Database>,
  { clock }: { clock: Clock },
  registrationId: string,
): Promise<void> {
  await db
    .updateTable('connections')
    .set(noFailure)
    .where('registration_id', '=', registrationId)
    .where('sealed_client_secret', 'is', null)
    .where('sealed_private_key', 'is', null)
    // A stored failure begins with its code.
    .where((eb) => eb.or(ofTheSecret.map((code) => eb('last_failure', 'like', `{"code":"${code}"%`))))
    .execute();
  await takeUpConnections(db, clock.now(), registrationId);
}

/** Those that the keeper has let go, since nobody was to be asked, are taken up again, not all at once. */
async function takeUpConnections(db: Kysely<Database>, now: number, registrationId: string): Promise<void> {
  // The milliseconds of when they were made are as good as chance.
  await sql`
    insert into due_work (kind, subject_id, due_at, claimed_until)
    select ${sql.lit(connectionWork)}, id, ${sql.lit(now)} + created_at % ${sql.lit(takenUpWithin)}, 0
    from connections where registration_id = ${registrationId} and disabled = 0
    on conflict do nothing
  `.execute(db);
}
