import type { Kysely } from 'kysely';
import type { HubErrorCode } from '../errors/hub-error.ts';
import type { Database } from '../store/schema.ts';
import { noFailure } from './record-evidence.ts';

/** What Microsoft says of a secret, and of nothing else. */
const ofTheSecret: readonly HubErrorCode[] = ['client_secret_expired', 'client_secret_wrong'];

/**
 * Ends, by one statement, the failures that a registration's old secret has caused its connections: Microsoft has issued a
 * token for the new one. Connections with a secret of their own keep theirs. To be called in the transaction that stores
 * the new secret.
 */
export async function endSecretFailures(db: Kysely<Database>, registrationId: string): Promise<void> {
  await db
    .updateTable('connections')
    .set(noFailure)
    .where('registration_id', '=', registrationId)
    .where('sealed_client_secret', 'is', null)
    // A stored failure begins with its code.
    .where((eb) => eb.or(ofTheSecret.map((code) => eb('last_failure', 'like', `{"code":"${code}"%`))))
    .execute();
}
