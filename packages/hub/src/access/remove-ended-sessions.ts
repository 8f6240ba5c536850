import type { HubContext } from '../hub-context.ts';
import { removeEndedRows } from '../store/remove-ended-rows.ts';

/** Removes browsers' sessions and links to enter by whose time is over. @param signal ends it between two batches */
export async function removeEndedSessions(
  { store, clock }: Pick<HubContext, 'store' | 'clock'>,
  signal?: AbortSignal,
): Promise<void> {
  const ended = { endColumn: 'expires_at', before: clock.now() };
  await removeEndedRows(store, { table: 'sessions', key: 'session_hash', ...ended }, signal);
  await removeEndedRows(store, { table: 'entry_codes', key: 'code_hash', ...ended }, signal);
}
