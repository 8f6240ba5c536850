import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import type { RegistrationChange } from '../change-registration.ts';
import { nextSecretName } from '../own-secret-name.ts';

/** By what the timeline knows that nobody asked for it. */
export const byKeeper = 'keeper';

/**
 * Begins a rotation: the name that the new secret will have in Entra ID is written down before anything is made there, so
 * that a secret whose value is lost in a kill is found and removed.
 *
 * @param kind of the new one, where it is to be another than the present one's
 * @param caller by what the timeline knows who wants it
 * @returns what changes in the registration
 */
export function beginRotation(
  { random }: Pick<HubContext, 'random'>,
  { id }: RegistrationRow,
  kind: RegistrationRow['next_credential_kind'],
  caller: string | null,
): RegistrationChange {
  return {
    rotation_step: 'adding',
    next_credential_kind: kind,
    rotation_name: nextSecretName(id, random),
    rotation_tries: 0,
    rotation_failure: null,
    rotation_next_try_at: null,
    rotation_by: caller,
  };
}
