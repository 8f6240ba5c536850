import type { RegistrationRow } from '../store/schema.ts';

/** Whether a registration can't go on, or be undone, before an administrator signs in. */
export function waitsForSignIn(row: Pick<RegistrationRow, 'state' | 'sealed_administrator_token'>): boolean {
  return (
    row.state === 'awaiting_sign_in' || (row.state === 'undoing' && row.sealed_administrator_token === null)
  );
}
