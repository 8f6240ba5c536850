import { text as readAll } from 'node:stream/consumers';
import type { Registration } from '@latchkey/client';
import type { Command } from 'commander';
import { connectToHub, type HubAccessOptions } from '../hub-access.ts';
import { dim, writeLine } from '../terminal/write-line.ts';
import { addHubOptions } from './hub-options.ts';

interface SecretOptions extends HubAccessOptions {
  ends?: string;
}

/** `latchkey registrations list|show|check|secret|rotate|events` */
export function addRegistrationsCommand(program: Command): void {
  const registrations = program
    .command('registrations')
    .description('the app registrations of a running hub: their secrets, rotation, checks');

  addHubOptions(
    registrations.command('list').description('every registration, and how its secret stands'),
  ).action(async (options: HubAccessOptions) => {
    const hub = await connectToHub(options);
    let cursor: string | undefined;
    do {
      const page = await hub.registrations.list(cursor ? { cursor } : {});
      for (const item of page.items) {
        writeLine(`${item.id}  ${item.state}  ${item.name}  ${dim(describeSecret(item))}`);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  });

  addOne(registrations, 'show', 'one registration, as JSON', async (hub, id) => {
    writeLine(JSON.stringify(await hub.registrations.get(id), null, 2));
  });

  addOne(
    registrations,
    'check',
    'try its secret, and look for what is missing in Entra ID',
    async (hub, id) => {
      printCheck(await hub.registrations.check(id));
    },
  );

  addOne(registrations, 'rotate', 'make a new secret, and have all connections use it', async (hub, id) => {
    const { rotation } = await hub.registrations.rotate(id);
    writeLine(`rotation begun: ${rotation.state}`);
  });

  addOne(registrations, 'events', 'what happened to it, the newest first', async (hub, id) => {
    let cursor: string | undefined;
    do {
      const page = await hub.registrations.events(id, cursor ? { cursor } : {});
      for (const event of page.items) writeLine(`${dim(event.happenedAt)}  ${event.kind}  ${event.summary}`);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  });

  addHubOptions(
    registrations
      .command('secret')
      .argument('<registration>', 'its id')
      .option('--ends <date>', 'when the new secret ends, as the portal shows it')
      .description('replace its client secret by the one on standard input, where it stays unseen'),
  ).action(async (id: string, { ends, ...options }: SecretOptions) => {
    const hub = await connectToHub(options);
    const clientSecret = (await readAll(process.stdin)).trim();
    const changed = await hub.registrations.update(id, {
      clientSecret,
      ...(ends !== undefined && { clientSecretEndsAt: ends }),
    });
    writeLine(`${changed.id}  ${describeSecret(changed)}`);
  });
}

type Act = (hub: Awaited<ReturnType<typeof connectToHub>>, id: string) => Promise<void>;

function addOne(parent: Command, name: string, description: string, act: Act): void {
  addHubOptions(parent.command(name).argument('<registration>', 'its id').description(description)).action(
    async (id: string, options: HubAccessOptions) => act(await connectToHub(options), id),
  );
}

function describeSecret({ clientSecret, certificate, alarm }: Registration): string {
  if (alarm !== null) return `refused: ${alarm.title}`;
  const ending = clientSecret ?? certificate ?? null;
  if (ending === null) return 'nothing that ends';
  const { endsAt, daysLeft } = ending;
  return endsAt === null ? 'ends at an unknown time' : `ends ${endsAt} (${daysLeft} days left)`;
}

/** What is wrong makes the command fail, so that a script can act by it. */
function printCheck(registration: Registration): void {
  const { check, alarm } = registration;
  writeLine(describeSecret(registration));
  for (const { code, detail, remedy } of check.findings) writeLine(`${code}: ${detail} ${remedy}`);
  for (const failure of [alarm, check.failure]) {
    if (failure !== null) writeLine(`${failure.code}: ${failure.detail} ${failure.remedy}`);
  }
  const isFine = check.findings.length === 0 && check.failure === null && alarm === null;
  if (!isFine) process.exitCode = 1;
  else writeLine(check.readFromGraph ? 'everything needed is there' : 'the secret works');
}
