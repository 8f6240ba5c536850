import { HubError } from '../../errors/hub-error.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { changeAndWatch } from '../change-registration.ts';
import { findRegistration } from '../find-registration.ts';
import { withoutIdentity } from '../without-identity.ts';
import { beginRotation } from './begin-rotation.ts';
import { hasCredential } from './take-place.ts';

/**
 * Begins to rotate a registration's credential now, by the application's own permission.
 *
 * @param kind of the new one, where it is to be another than the present one's
 * @param caller by what the timeline knows who wants it
 * @throws HubError `registration_not_found`, `registration_busy`; what `refuseRotation` throws; `rotation_not_permitted`
 *   where it takes an administrator
 */
export async function rotateByHand(
  context: ProviderContext,
  id: string,
  kind: RegistrationRow['next_credential_kind'],
  caller: string | null,
): Promise<RegistrationRow> {
  const row = await findRegistration(context, id);
  refuseRotation(context, row, kind);
  if (row.may_rotate === 0) throw new HubError('rotation_not_permitted');
  if (row.secret_alarm !== null) {
    const detail =
      'Microsoft refuses the present credential, so the application can’t ask for another one itself.';
    throw new HubError('rotation_not_permitted', { detail });
  }
  return changeAndWatch(context, row, beginRotation(context, row, kind, caller));
}

/**
 * @throws HubError when the credential can't be rotated now, whoever asks: `registration_state_conflict` for a registration
 *   that has none; `rotation_under_way`; `invalid_body` where the hub has no identity that could be trusted
 */
export function refuseRotation(
  { workloadIdentity }: Pick<ProviderContext, 'workloadIdentity'>,
  row: RegistrationRow,
  kind: RegistrationRow['next_credential_kind'],
): void {
  if (row.state !== 'ready' || !hasCredential(row)) throw new HubError('registration_state_conflict');
  if (row.rotation_step !== null) throw new HubError('rotation_under_way');
  if ((kind ?? row.credential_kind) === 'federated' && !workloadIdentity) throw withoutIdentity();
}
