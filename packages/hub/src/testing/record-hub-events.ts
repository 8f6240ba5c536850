import { hubItself, recordEvent } from '../events/record-event.ts';
import type { HubContext } from '../hub-context.ts';

/** Records backups as events of the hub, the last one last. */
export async function recordHubEvents(
  context: Pick<HubContext, 'store' | 'clock' | 'random'>,
  summaries: readonly string[],
): Promise<void> {
  for (const summary of summaries)
    await recordEvent(context.store.db, context, { subject: hubItself, kind: 'backup_taken', summary });
}
