import { by, recordEvent } from '../../events/record-event.ts';
import { endSecretFailures } from '../../evidence/end-secret-failures.ts';
import { toIso } from '../../ground/clock.ts';
import { credentialOf } from '../../tokens/registration-credentials.ts';
import { credentialName } from '../credential-in-entra.ts';
import { requestOwnToken } from '../own-token.ts';
import { changeAndRecord, type RegistrationRun } from '../registration-lease.ts';
import { nextKind } from './choose-credential.ts';
import { failRotation } from './fail-rotation.ts';
import { openNextSecret } from './make-next-secret.ts';
import { takePlace } from './take-place.ts';
import { presentAsUnused, withUnused } from './unused-credentials.ts';

/**
 * Proves the new secret by a token request, and with it switches all connections of the registration at once: they take
 * their secret from this one row. The old one is kept beside it for the grace time.
 */
export async function proveNextSecret(run: RegistrationRun): Promise<void> {
  const { context, row } = run;
  const kind = nextKind(row);
  let text: string;
  try {
    text = openNextSecret(context, row);
    const { client_id: clientId, tenant_id: tenantId } = row;
    const credential = credentialOf(context, kind, text);
    await requestOwnToken(context, { clientId: clientId ?? '', tenantId: tenantId ?? '', credential });
  } catch (error) {
    return failRotation(run, error);
  }
  const endsAt = toIso(row.next_secret_ends_at);
  await changeAndRecord(
    run,
    {
      ...takePlace(context, row, {
        kind,
        text,
        keyId: row.next_secret_key_id,
        hint: row.next_secret_hint,
        endsAt: row.next_secret_ends_at,
      }),
      unused_credentials: withUnused(row, presentAsUnused(row)),
      rotation_step: 'retiring',
      rotation_name: null,
    },
    async (db) => {
      await endSecretFailures(db, context, row.id);
      await recordEvent(db, context, {
        subject: { kind: 'registration', id: row.id },
        kind: 'secret_rotated',
        summary: `A new ${credentialName({ credential_kind: kind })} was made and proven; all connections use it${endsAt === null ? '' : `, until ${endsAt}`}.`,
        facts: {
          keyId: row.next_secret_key_id ?? '',
          ...(endsAt !== null && { endsAt }),
          ...by(row.rotation_by),
        },
      });
    },
  );
}
