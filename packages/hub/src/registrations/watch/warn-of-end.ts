import { recordEvent } from '../../events/record-event.ts';
import { toIso } from '../../ground/clock.ts';
import { credentialName } from '../credential-in-entra.ts';
import { changeAndRecord, type RegistrationRun } from '../registration-lease.ts';
import type { EndWarning } from '../secrets/secret-end.ts';

/** Tells once that a secret ends soon, or has ended: in the registration's events and in the log. */
export async function warnOfEnd(run: RegistrationRun, warning: Exclude<EndWarning, null>): Promise<void> {
  const { context, row } = run;
  const { client_secret_ends_at: endsAt } = row;
  const when =
    warning === 0 ? 'has ended' : warning === 1 ? 'ends within a day' : `ends within ${warning} days`;
  const summary = `The ${credentialName(row)} ${when}: ${toIso(endsAt)}.`;
  await changeAndRecord(run, { secret_warned_days: warning, secret_warned_for: endsAt }, (db) =>
    recordEvent(db, context, {
      subject: { kind: 'registration', id: row.id },
      kind: 'secret_end_warning',
      summary,
      facts: { days: warning, endsAt: toIso(endsAt) ?? '' },
    }),
  );
  context.log.warn(
    { registrationId: row.id, days: warning, endsAt: toIso(endsAt) },
    `${credentialName(row)} ends`,
  );
}
