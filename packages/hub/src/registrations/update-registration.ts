import type { UpdateRegistration } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import { readDate } from '../ground/outside-values.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { changeAndWatch, type RegistrationChange } from './change-registration.ts';
import { findRegistration } from './find-registration.ts';
import { replaceSecret } from './secrets/replace-secret.ts';

/**
 * Changes what a registration is called, its client secret, and when that is rotated; what is left out stays.
 *
 * @throws HubError `registration_not_found`, `registration_busy`; `registration_state_conflict` for the name of one that is
 *   being made or undone; what `replaceSecret` throws, and then nothing changes
 */
export async function updateRegistration(
  context: ProviderContext,
  id: string,
  { name, clientSecret, clientSecretEndsAt, rotation }: UpdateRegistration,
): Promise<RegistrationRow> {
  const row = await findRegistration(context, id);
  // While it is being made, its application is found by its name.
  if (name !== undefined && row.kind === 'created' && row.state !== 'ready') {
    throw new HubError('registration_state_conflict');
  }
  const endsAt = readDate(clientSecretEndsAt);
  const change: RegistrationChange = {
    ...(name !== undefined && { name }),
    ...(rotation?.policy !== undefined && { rotation_policy: rotation.policy }),
    ...(rotation?.daysBeforeEnd !== undefined && { rotation_days_before_end: rotation.daysBeforeEnd }),
    ...(rotation?.graceHours !== undefined && { rotation_grace_hours: rotation.graceHours }),
  };
  if (clientSecret !== undefined) return replaceSecret(context, row, { clientSecret, endsAt }, change);
  const isEndCorrected = clientSecretEndsAt !== undefined && row.sealed_client_secret !== null;
  return changeAndWatch(context, row, {
    ...change,
    ...(isEndCorrected && { client_secret_ends_at: endsAt }),
  });
}
