import type { HubContext } from '../hub-context.ts';
import { removeEndedRows } from '../store/remove-ended-rows.ts';
import { rememberedMilliseconds } from './create-sign-in-link.ts';

/** Removes links and sign-ins whose time is over. @param signal ends it between two batches */
export async function removeEndedSignIns(
  { store, clock }: Pick<HubContext, 'store' | 'clock'>,
  signal?: AbortSignal,
): Promise<void> {
  const now = clock.now();
  const endColumn = 'expires_at';
  await removeEndedRows(
    store,
    { table: 'sign_in_tickets', key: 'ticket_hash', endColumn, before: now },
    signal,
  );
  const before = now - rememberedMilliseconds;
  await removeEndedRows(store, { table: 'authorizations', key: 'state_hash', endColumn, before }, signal);
}
