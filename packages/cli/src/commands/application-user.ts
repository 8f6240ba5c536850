import { setTimeout as wait } from 'node:timers/promises';
import type { ApplicationUser, HubClient } from '@latchkey/client';
import type { Command } from 'commander';
import { connectToHub, type HubAccessOptions, resolveConnectionId } from '../hub-access.ts';
import { green, writeLine } from '../terminal/write-line.ts';
import { addHubOptions } from './hub-options.ts';

const pollMilliseconds = 1000;

interface ApplicationUserOptions extends HubAccessOptions {
  role: string[];
  undo?: boolean;
}

/** `latchkey connections app-user first --role Salesperson` */
export function addApplicationUserCommand(connections: Command): void {
  addHubOptions(
    connections
      .command('app-user')
      .argument('<connection>', 'its id, or "first" for the first one; by client credentials')
      .description('let the app into the environment as itself: an administrator of it signs in once')
      .option(
        '--role <role>',
        'a security role by id or name, as often as there are roles; without one, the list is printed',
        (role: string, roles: string[]) => [...roles, role],
        [],
      )
      .option('--undo', 'take back the roles that were given, and the user where the hub made it'),
  ).action(async (typed: string, options: ApplicationUserOptions) => {
    const hub = await connectToHub(options);
    const id = await resolveConnectionId(hub, typed);
    const begun = options.undo ? await hub.applicationUsers.undo(id) : await goOn(hub, id, options.role);
    if (begun.signIn) writeLine(`An administrator of the environment signs in at ${begun.signIn.url}`);
    printEnd(await untilSettled(hub, begun));
  });
}

/** Roles may be what an earlier call of this command was waiting for. */
async function goOn(hub: HubClient, id: string, roles: string[]): Promise<ApplicationUser> {
  const known = await hub.applicationUsers.get(id).catch(() => null);
  if (known?.state === 'choosing_roles' && roles.length > 0)
    return hub.applicationUsers.chooseRoles(id, roles);
  return hub.applicationUsers.begin(id, roles.length > 0 ? { roles } : {});
}

async function untilSettled(hub: HubClient, begun: ApplicationUser): Promise<ApplicationUser> {
  let present = begun;
  const isUnderWay = () =>
    present.state === 'running' || present.state === 'undoing' || present.state === 'awaiting_sign_in';
  while (isUnderWay() && !(present.state === 'awaiting_sign_in' && present.signIn === null)) {
    await wait(pollMilliseconds);
    present = await hub.applicationUsers.get(begun.connectionId);
  }
  return present;
}

function printEnd({ state, steps, availableRoles, failure }: ApplicationUser): void {
  for (const { title, state: reached, detail } of steps) {
    if (reached !== 'waiting')
      writeLine(`${reached === 'done' ? green('✓') : reached}  ${title}: ${detail ?? ''}`);
  }
  if (state === 'choosing_roles') {
    writeLine('Choose roles, and call this again with --role for each:');
    for (const { name } of availableRoles ?? []) writeLine(`  ${name}`);
  }
  if (failure) process.stderr.write(`${failure.title}: ${failure.detail}\n  ${failure.remedy}\n`);
  if (state !== 'ready' && state !== 'undone' && state !== 'choosing_roles') process.exitCode = 1;
}
