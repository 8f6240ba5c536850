import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import type { RegistrationChange } from '../change-registration.ts';
import { ownSecretName } from '../own-secret-name.ts';

const nameBytes = 4;

/**
 * Begins a rotation: the name that the new secret will have in Entra ID is written down before anything is made there, so
 * that a secret whose value is lost in a kill is found and removed.
 *
 * @returns what changes in the registration
 */
export function beginRotation(
  { random }: Pick<HubContext, 'random'>,
  { id }: RegistrationRow,
): RegistrationChange {
  return {
    rotation_step: 'adding',
    rotation_name: `${ownSecretName(id)} ${random.bytes(nameBytes).toString('hex')}`,
    rotation_tries: 0,
    rotation_failure: null,
    rotation_next_try_at: null,
  };
}
