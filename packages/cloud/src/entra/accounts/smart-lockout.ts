import { selectOne } from '../../directory/open-directory.ts';
import type { EntraContext } from '../entra-context.ts';

/** "Protect user accounts from attacks with Microsoft Entra smart lockout": the defaults of a tenant. */
const wrongPasswordsThatLock = 10;
const lockedMilliseconds = 60_000;

type LockoutContext = Pick<EntraContext, 'directory' | 'clock'>;

/** Counts a wrong password; the tenth in a row locks the account for a minute. */
export function noteWrongPassword({ directory, clock }: LockoutContext, userId: string): void {
  directory
    .prepare(
      `INSERT INTO entra_wrong_passwords (user_id, count, last_at) VALUES (?1, 1, ?2)
       ON CONFLICT (user_id) DO UPDATE SET count = count + 1, last_at = ?2`,
    )
    .run(userId, clock.now());
}

/** Ends the count: the person knew the password, or waited the lock out. */
export function forgetWrongPasswords({ directory }: LockoutContext, userId: string): void {
  directory.prepare('DELETE FROM entra_wrong_passwords WHERE user_id = ?').run(userId);
}

/** Whether wrong passwords keep the account locked. */
export function isLockedOut(context: LockoutContext, userId: string): boolean {
  const row = selectOne<{ count: number; last_at: number }>(
    context.directory,
    'SELECT count, last_at FROM entra_wrong_passwords WHERE user_id = ?',
    userId,
  );
  if (!row || row.count < wrongPasswordsThatLock) return false;
  if (row.last_at + lockedMilliseconds > context.clock.now()) return true;
  forgetWrongPasswords(context, userId);
  return false;
}
