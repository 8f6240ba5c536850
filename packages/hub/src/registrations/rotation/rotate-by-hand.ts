import { HubError } from '../../errors/hub-error.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { changeAndWatch } from '../change-registration.ts';
import { findRegistration } from '../find-registration.ts';
import { beginRotation } from './begin-rotation.ts';

/**
 * Begins to rotate a registration's client secret now, by the application's own permission.
 *
 * @param kind of the new one, where it is to be another than the present one's
 * @throws HubError `registration_not_found`, `registration_busy`; `registration_state_conflict` for one that has no secret
 *   to rotate; `rotation_under_way`; `rotation_not_permitted` where it takes an administrator
 */
export async function rotateByHand(
  context: ProviderContext,
  id: string,
  kind: RegistrationRow['next_credential_kind'],
): Promise<RegistrationRow> {
  const row = await findRegistration(context, id);
  refuseRotation(row);
  if (row.may_rotate === 0) throw new HubError('rotation_not_permitted');
  if (row.secret_alarm !== null) {
    const detail =
      'Microsoft refuses the present secret, so the application can’t ask for another one itself.';
    throw new HubError('rotation_not_permitted', { detail });
  }
  return changeAndWatch(context, row, beginRotation(context, row, kind));
}

/** @throws HubError when the secret can't be rotated now, whoever asks */
export function refuseRotation(row: RegistrationRow): void {
  if (row.state !== 'ready' || row.sealed_client_secret === null) {
    throw new HubError('registration_state_conflict');
  }
  if (row.rotation_step !== null) throw new HubError('rotation_under_way');
}
