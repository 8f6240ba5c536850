import type { EventPageRequest, HubEvent, Page } from '@latchkey/client';
import type { Command } from 'commander';
import { connectToHub, type HubAccessOptions } from '../hub-access.ts';
import { dim, writeLine } from '../terminal/write-line.ts';
import { addHubOptions } from './hub-options.ts';

/** `latchkey events` */
export function addEventsCommand(program: Command): void {
  addHubOptions(
    program
      .command('events')
      .description(
        'what happened to a running hub itself, the newest first: processes, keys, backups, clocks',
      ),
  ).action(async (options: HubAccessOptions) => {
    const hub = await connectToHub(options);
    await printTimeline((page) => hub.events.list(page));
  });
}

/** Prints a timeline, page after page. */
export async function printTimeline(
  read: (page: EventPageRequest) => Promise<Page<HubEvent>>,
): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor ? { cursor } : {});
    for (const event of page.items) writeLine(`${dim(event.happenedAt)}  ${event.kind}  ${event.summary}`);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
}
