import type { RegistrationRow } from '../../store/schema.ts';
import type { RegistrationChange } from '../change-registration.ts';
import { noAdministratorToken } from '../cleared-columns.ts';

/** An administrator's sign-in that outlived what it was for, so that a rotation could be undone with it, is forgotten. */
export function forgetAdministrator({
  administrator_task: task,
}: Pick<RegistrationRow, 'administrator_task'>): RegistrationChange {
  return task === null ? noAdministratorToken : {};
}
