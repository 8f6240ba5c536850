import type { RegistrationRow } from '../store/schema.ts';

/** What a process that takes a registration on does next, and why. */
export type RegistrationWork =
  | { work: 'steps'; reason: 'steps_left' }
  | { work: 'undo'; reason: 'administrator_signed_in' }
  | { work: 'device_code'; reason: 'code_not_entered_yet'; sealedDeviceCode: string }
  | { work: 'none'; reason: 'waits_for_browser' | 'finished' };

/** Decides from the row alone, so that any process can go on where another one died. */
export function decideWork(
  row: Pick<RegistrationRow, 'state' | 'sealed_administrator_token' | 'sealed_device_code'>,
): RegistrationWork {
  if (row.state === 'running') return { work: 'steps', reason: 'steps_left' };
  if (row.state !== 'awaiting_sign_in' && row.state !== 'undoing')
    return { work: 'none', reason: 'finished' };
  if (row.state === 'undoing' && row.sealed_administrator_token !== null) {
    return { work: 'undo', reason: 'administrator_signed_in' };
  }
  const sealedDeviceCode = row.sealed_device_code;
  return sealedDeviceCode === null
    ? { work: 'none', reason: 'waits_for_browser' }
    : { work: 'device_code', reason: 'code_not_entered_yet', sealedDeviceCode };
}

/** Whether a registration can't go on, or be undone, before an administrator signs in. */
export function waitsForSignIn(row: Pick<RegistrationRow, 'state' | 'sealed_administrator_token'>): boolean {
  return (
    row.state === 'awaiting_sign_in' || (row.state === 'undoing' && row.sealed_administrator_token === null)
  );
}
