import { recordEvent } from '../../events/record-event.ts';
import { endSecretFailures } from '../../evidence/end-secret-failures.ts';
import { toIso } from '../../ground/clock.ts';
import {
  openClientSecret,
  openCredentials,
  previousSecretPlace,
  registrationSecretPlace,
  toCredential,
} from '../../tokens/registration-credentials.ts';
import { noNextSecret, noSecretAlarm } from '../cleared-columns.ts';
import { credentialName } from '../credential-in-entra.ts';
import { requestOwnToken } from '../own-token.ts';
import { changeAndRecord, type RegistrationRun } from '../registration-lease.ts';
import { nextKind } from './choose-credential.ts';
import { failRotation } from './fail-rotation.ts';
import { openNextSecret } from './make-next-secret.ts';

/**
 * Proves the new secret by a token request, and with it switches all connections of the registration at once: they take
 * their secret from this one row. The old one is kept beside it for the grace time.
 */
export async function proveNextSecret(run: RegistrationRun): Promise<void> {
  const { context, row } = run;
  const { vault, clock } = context;
  const kind = nextKind(row);
  let text: string;
  let oldSecret: string | null;
  try {
    const old = openCredentials(context, row);
    oldSecret = openClientSecret(context, row);
    text = openNextSecret(context, row);
    await requestOwnToken(context, { ...old, credential: toCredential(kind, text) });
  } catch (error) {
    return failRotation(run, error);
  }
  const endsAt = toIso(row.next_secret_ends_at);
  await changeAndRecord(
    run,
    {
      rotation_step: 'retiring',
      rotation_name: null,
      rotation_tries: 0,
      rotation_failure: null,
      rotation_next_try_at: null,
      rotated_at: clock.now(),
      credential_kind: kind,
      sealed_client_secret: vault.seal(text, registrationSecretPlace(row.id)),
      client_secret_key_id: row.next_secret_key_id,
      client_secret_hint: row.next_secret_hint,
      client_secret_ends_at: row.next_secret_ends_at,
      sealed_previous_secret: oldSecret && vault.seal(oldSecret, previousSecretPlace(row.id)),
      previous_secret_key_id: row.client_secret_key_id,
      previous_credential_kind: row.credential_kind === 'certificate' ? 'certificate' : 'secret',
      ...noNextSecret,
      ...noSecretAlarm,
    },
    async (db) => {
      await endSecretFailures(db, { clock }, row.id);
      await recordEvent(db, context, {
        subject: { kind: 'registration', id: row.id },
        kind: 'secret_rotated',
        summary: `A new ${credentialName({ credential_kind: kind })} was made and proven; all connections use it${endsAt === null ? '' : `, until ${endsAt}`}.`,
        facts: { keyId: row.next_secret_key_id ?? '', ...(endsAt !== null && { endsAt }) },
      });
    },
  );
}
