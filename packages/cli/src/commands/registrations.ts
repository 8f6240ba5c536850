import { text as readAll } from 'node:stream/consumers';
import type { Registration, RegistrationCredential, RegistrationUsage } from '@latchkey/client';
import { type Command, Option } from 'commander';
import { connectToHub, type HubAccessOptions } from '../hub-access.ts';
import { dim, writeLine } from '../terminal/write-line.ts';
import { printTimeline } from './events.ts';
import { addHubOptions } from './hub-options.ts';

interface SecretOptions extends HubAccessOptions {
  ends?: string;
}

interface RotateOptions extends HubAccessOptions {
  credential?: RegistrationCredential;
  administrator?: boolean;
}

interface RenameOptions extends HubAccessOptions {
  administrator?: boolean;
}

interface UndoOptions extends HubAccessOptions {
  force?: boolean;
  leaveApplicationUsers?: boolean;
}

/** `latchkey registrations list|show|check|rotate|clean-up|events|secret|certificate|rename|usage|undo` */
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

  addHubOptions(
    registrations
      .command('rotate')
      .argument('<registration>', 'its id')
      .addOption(
        new Option('--credential <kind>', 'of another kind than now').choices([
          'secret',
          'certificate',
          'federated',
        ]),
      )
      .option('--administrator', 'by an administrator’s sign-in, where the app may not change itself')
      .description('make a new secret (or certificate), and have all connections use it'),
  ).action(async (id: string, { credential, administrator, ...options }: RotateOptions) => {
    const hub = await connectToHub(options);
    const rotated = await hub.registrations.rotate(id, {
      ...(credential && { credential }),
      ...(administrator && byBrowser),
    });
    if (!printSignIn(rotated)) writeLine(`rotation begun: ${rotated.rotation.state}`);
  });

  addOne(
    registrations,
    'clean-up',
    'have an administrator remove from Entra ID what it no longer uses',
    async (hub, id) => void printSignIn(await hub.registrations.cleanUp(id, byBrowser)),
  );

  addOne(registrations, 'events', 'what happened to it, the newest first', async (hub, id) => {
    await printTimeline((page) => hub.registrations.events(id, page));
  });

  addHubOptions(
    registrations
      .command('secret')
      .argument('<registration>', 'its id')
      .option('--ends <date>', 'when the new secret ends, as the portal shows it')
      .description('replace its credential by the client secret on standard input, where it stays unseen'),
  ).action(async (id: string, { ends, ...options }: SecretOptions) => {
    const hub = await connectToHub(options);
    const clientSecret = (await readAll(process.stdin)).trim();
    const changed = await hub.registrations.update(id, {
      clientSecret,
      ...(ends !== undefined && { clientSecretEndsAt: ends }),
    });
    writeLine(`${changed.id}  ${describeSecret(changed)}`);
  });

  addOne(
    registrations,
    'certificate',
    'replace its credential by the certificate with private key (PEM) on standard input',
    async (hub, id) => {
      const clientCertificate = await readAll(process.stdin);
      const changed = await hub.registrations.update(id, { clientCertificate });
      writeLine(`${changed.id}  ${describeSecret(changed)}`);
    },
  );

  addHubOptions(
    registrations
      .command('rename')
      .argument('<registration>', 'its id')
      .argument('<name>', 'what it is to be called')
      .option('--administrator', 'in Entra ID by an administrator’s sign-in')
      .description('give it another name; in Entra ID, too, where the app may change itself'),
  ).action(async (id: string, name: string, { administrator, ...options }: RenameOptions) => {
    const hub = await connectToHub(options);
    const renamed = await hub.registrations.update(id, { name });
    const isRenamedThere = renamed.nameInEntra === name;
    writeLine(
      isRenamedThere
        ? `renamed, in Microsoft Entra ID, too: ${name}`
        : `renamed in the hub: ${name}; in Microsoft Entra ID: ${renamed.nameInEntra ?? 'not known'}`,
    );
    if (administrator && !isRenamedThere) printSignIn(await hub.registrations.rename(id, byBrowser));
  });

  addOne(
    registrations,
    'usage',
    'who would stop without it, and what the hub has made in environments',
    async (hub, id) => printUsage(await hub.registrations.usage(id)),
  );

  addHubOptions(
    registrations
      .command('undo')
      .argument('<registration>', 'its id')
      .option('--force', 'though connections that sign in with it stop')
      .option('--leave-application-users', 'what the hub has made in environments stays there')
      .description('delete the app from Entra ID; what the hub has made in environments first'),
  ).action(async (id: string, { force, leaveApplicationUsers, ...options }: UndoOptions) => {
    const hub = await connectToHub(options);
    const { applicationUsers } = await hub.registrations.usage(id);
    if (applicationUsers.length > 0 && !leaveApplicationUsers) {
      for (const { connectionId, environmentUrl } of applicationUsers) {
        const { signIn } = await hub.applicationUsers.undo(connectionId);
        if (signIn) writeLine(`An administrator of ${environmentUrl} signs in at ${signIn.url}`);
      }
      writeLine('Then call this again; or leave them there with --leave-application-users.');
      process.exitCode = 1;
      return;
    }
    const undone = await hub.registrations.undo(id, {
      ...(force && { force }),
      ...(leaveApplicationUsers && { applicationUsers: 'leave' }),
    });
    if (!printSignIn(undone)) writeLine(undone.state);
  });
}

const byBrowser = { administratorSignIn: 'browser' } as const;

/** @returns whether an administrator is to sign in */
function printSignIn({ signIn }: Pick<Registration, 'signIn'>): boolean {
  if (signIn?.kind !== 'browser') return false;
  writeLine(`An administrator signs in at ${signIn.url}`);
  return true;
}

function printUsage({ connections, first, applicationUsers }: RegistrationUsage): void {
  writeLine(connections === 1 ? '1 connection would stop' : `${connections} connections would stop`);
  for (const { id, name } of first) writeLine(`${id}  ${name}`);
  if (connections > first.length) writeLine(`and ${connections - first.length} more`);
  for (const { connectionId, connectionName, environmentUrl, madeByHub } of applicationUsers) {
    const what = madeByHub ? 'application user' : 'roles of its application user';
    writeLine(`${what} in ${environmentUrl}, for ${connectionId}  ${connectionName}`);
  }
}

type Act = (hub: Awaited<ReturnType<typeof connectToHub>>, id: string) => Promise<void>;

function addOne(parent: Command, name: string, description: string, act: Act): void {
  addHubOptions(parent.command(name).argument('<registration>', 'its id').description(description)).action(
    async (id: string, options: HubAccessOptions) => act(await connectToHub(options), id),
  );
}

function describeSecret({ clientSecret, certificate, federatedIdentity, alarm }: Registration): string {
  if (alarm !== null) return `refused: ${alarm.title}`;
  if (federatedIdentity) return `the hub’s own identity, ${federatedIdentity.subject}`;
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
