import { notePasswordChange, setPassword, setUserConditions, type User } from '../../directory/users.ts';
import type { EntraContext } from '../entra-context.ts';

/** Why a new password is not taken, as the page says it. */
export type NewPasswordProblem =
  | 'The passwords do not match.'
  | 'Choose a password that you have not used before.'
  | 'Your password must have at least 8 characters, with three of: lowercase, uppercase, digits, symbols.';

const shortest = 8;
const leastKinds = 3;
const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/];

/** Sets the password that a person had to change; the problem when it is not good enough. */
export function changePassword(
  { directory }: Pick<EntraContext, 'directory'>,
  user: User,
  { old, wanted, repeated }: { old: string; wanted: string; repeated: string },
): NewPasswordProblem | undefined {
  if (wanted !== repeated) return 'The passwords do not match.';
  if (wanted === old) return 'Choose a password that you have not used before.';
  const isMixed = kinds.filter((kind) => kind.test(wanted)).length >= leastKinds;
  if (wanted.length < shortest || !isMixed) {
    return 'Your password must have at least 8 characters, with three of: lowercase, uppercase, digits, symbols.';
  }
  directory.transaction(() => {
    setPassword(directory, user.id, wanted);
    setUserConditions(directory, user, { password: 'good' });
    notePasswordChange(directory, user.id);
  });
  return undefined;
}
