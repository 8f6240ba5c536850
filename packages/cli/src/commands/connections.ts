import type { ConnectionTest } from '@latchkey/client';
import { type Command, InvalidArgumentError } from 'commander';
import { connectToHub, type HubAccessOptions, resolveConnectionId } from '../hub-access.ts';
import { dim, green, milliseconds, writeLine } from '../terminal/write-line.ts';
import { addApplicationUserCommand } from './application-user.ts';
import { addCreateConnectionCommand } from './create-connection.ts';
import { printTimeline } from './events.ts';
import { addHubOptions } from './hub-options.ts';

/** `latchkey connections create|app-user|list|show|health|events|test|token` */
export function addConnectionsCommand(program: Command): void {
  const connections = program.command('connections').description('the connections of a running hub');

  addCreateConnectionCommand(connections);
  addApplicationUserCommand(connections);

  addHubOptions(connections.command('list').description('every connection with its state')).action(
    async (options: HubAccessOptions) => {
      const hub = await connectToHub(options);
      let cursor: string | undefined;
      do {
        const page = await hub.connections.list(cursor ? { cursor } : {});
        for (const item of page.items) {
          writeLine(
            `${item.id}  ${item.status.state.padEnd('needs_sign_in'.length)}  ${item.name}  ${dim(item.environmentUrl)}`,
          );
        }
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
    },
  );

  addHubOptions(
    connections
      .command('show')
      .argument('<connection>', 'its id, or "first" for the first one')
      .description('one connection, as JSON'),
  ).action(async (typed: string, options: HubAccessOptions) => {
    const hub = await connectToHub(options);
    const id = await resolveConnectionId(hub, typed);
    writeLine(JSON.stringify(await hub.connections.get(id), null, 2));
  });

  addHubOptions(
    connections
      .command('health')
      .argument('<connection>', 'its id, or "first" for the first one')
      .description('how it stands: state, evidence, what is due, what may not last; as JSON'),
  ).action(async (typed: string, options: HubAccessOptions) => {
    const hub = await connectToHub(options);
    const id = await resolveConnectionId(hub, typed);
    writeLine(JSON.stringify(await hub.connections.health(id), null, 2));
  });

  addHubOptions(
    connections
      .command('events')
      .argument('<connection>', 'its id, or "first" for the first one')
      .description('what happened to it, the newest first'),
  ).action(async (typed: string, options: HubAccessOptions) => {
    const hub = await connectToHub(options);
    const id = await resolveConnectionId(hub, typed);
    await printTimeline((page) => hub.connections.events(id, page));
  });

  addHubOptions(
    connections
      .command('test')
      .argument('<connection>', 'its id, or "first" for the first one')
      .description('test it, step by step'),
  ).action(async (typed: string, options: HubAccessOptions) => {
    const hub = await connectToHub(options);
    const id = await resolveConnectionId(hub, typed);
    const test = await hub.connections.test(id);
    printTest(test);
    if (test.outcome === 'failed') process.exitCode = 1;
  });

  addHubOptions(
    connections
      .command('token')
      .argument('<connection>', 'its id, or "first" for the first one')
      .option('--minimum-life <seconds>', 'how long it has to live at least', parseSeconds)
      .description('print a live access token; a secret: for pipes, not for logs'),
  ).action(async (typed: string, options: HubAccessOptions & { minimumLife?: number }) => {
    const hub = await connectToHub(options);
    const id = await resolveConnectionId(hub, typed);
    const { minimumLife } = options;
    const { accessToken } = await hub.connections.token(
      id,
      minimumLife === undefined ? {} : { minimumLifeSeconds: minimumLife },
    );
    writeLine(accessToken);
  });
}

/** The hub itself says what is too long. */
function parseSeconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A life is a whole number of seconds.');
  return Number(text);
}

function printTest(test: ConnectionTest): void {
  const marks = { passed: green('✓'), failed: '✗', skipped: dim('–') };
  for (const step of test.steps) {
    writeLine(`${marks[step.outcome]} ${milliseconds(step.durationMs)}  ${step.title}: ${step.detail}`);
    if (step.failure) {
      writeLine(`    ${step.failure.title}: ${step.failure.detail}`);
      if (step.failure.remote) writeLine(`    ${step.failure.remote.message}`);
      writeLine(`    ${step.failure.remedy}`);
    }
  }
}
