import type { RegistrationRow } from '../store/schema.ts';

/** What a process that takes a registration on does next, and why. */
export type RegistrationWork =
  | { work: 'steps'; reason: 'steps_left' }
  | { work: 'undo'; reason: 'administrator_signed_in' }
  | { work: 'task'; reason: 'administrator_signed_in' }
  | { work: 'device_code'; reason: 'code_not_entered_yet'; sealedDeviceCode: string }
  | { work: 'none'; reason: 'waits_for_browser' | 'finished' };

type WorkColumns = Pick<
  RegistrationRow,
  | 'state'
  | 'sealed_administrator_token'
  | 'sealed_device_code'
  | 'administrator_task'
  | 'administrator_task_failure'
>;

/** Decides from the row alone, so that any process can go on where another one died. */
export function decideWork(row: WorkColumns): RegistrationWork {
  if (row.state === 'running') return { work: 'steps', reason: 'steps_left' };
  const isSignedIn = row.sealed_administrator_token !== null;
  if (row.state === 'undoing' && isSignedIn) return { work: 'undo', reason: 'administrator_signed_in' };
  if (hasTask(row) && isSignedIn) return { work: 'task', reason: 'administrator_signed_in' };
  if (!waitsForSignIn(row)) return { work: 'none', reason: 'finished' };
  const sealedDeviceCode = row.sealed_device_code;
  return sealedDeviceCode === null
    ? { work: 'none', reason: 'waits_for_browser' }
    : { work: 'device_code', reason: 'code_not_entered_yet', sealedDeviceCode };
}

/** Whether a registration can't go on, be undone or get what was asked for it, before an administrator signs in. */
export function waitsForSignIn(row: Omit<WorkColumns, 'sealed_device_code'>): boolean {
  if (row.state === 'awaiting_sign_in') return true;
  return (row.state === 'undoing' || hasTask(row)) && row.sealed_administrator_token === null;
}

/** Something is to be done, with an administrator, for a registration that is ready. */
function hasTask(row: Omit<WorkColumns, 'sealed_device_code'>): boolean {
  return row.state === 'ready' && row.administrator_task !== null && row.administrator_task_failure === null;
}
