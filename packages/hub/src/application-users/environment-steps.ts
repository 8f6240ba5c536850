import type { ApplicationUserStepName } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import type { CallEnvironment, EnvironmentRole } from '../providers/application-users.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import { openAdministratorToken } from './administrator-token.ts';
import { applicationUsersOf } from './application-user-context.ts';
import { type ApplicationUserRun, changeUnderLease } from './application-user-lease.ts';
import { availableRoles, givenRoles, wantedRoles } from './application-user-row.ts';
import { openEnvironmentSession } from './environment-session.ts';
import { matchRoles } from './match-roles.ts';
import type { StepOperation, StepResult } from './run-step.ts';

type Operations = Readonly<Record<Exclude<ApplicationUserStepName, 'sign_in'>, () => Promise<StepResult>>>;

/** What is done at each step, with an administrator's token for the environment. */
export function makingSteps(run: ApplicationUserRun): Operations {
  return {
    environment: () => readEnvironment(run),
    choice: async () => resolveChoice(run),
    application_user: () => createUser(run),
    security_roles: () => giveRoles(run),
    proof: async () => {
      await run.context.proveConnection(run.row.connection_id);
      return { detail: 'The application was let in, and may read', values: {} };
    },
  };
}

/** What takes it back, in the order in which it goes. */
export function undoingSteps(run: ApplicationUserRun): Pick<StepOperation, 'name' | 'operate'>[] {
  return [
    { name: 'security_roles', operate: () => takeRoles(run) },
    { name: 'application_user', operate: () => removeUser(run) },
  ];
}

/** Opened with the first call, so that a token that has ended is the failure of the step that needs it. */
async function openSession({ context, row }: ApplicationUserRun): Promise<CallEnvironment> {
  const { connection } = await readTokenState(context, row.connection_id);
  return openEnvironmentSession(context, connection.environment_url, openAdministratorToken(context, row));
}

async function readEnvironment(run: ApplicationUserRun): Promise<StepResult> {
  const place = await applicationUsersOf(run.context).readPlace(await openSession(run));
  return {
    detail: `Business unit ${place.businessUnitName}, ${place.roles.length} roles`,
    values: { business_unit_id: place.businessUnitId, available_roles: JSON.stringify(place.roles) },
  };
}

function resolveChoice({ row }: ApplicationUserRun): StepResult {
  const wanted = wantedRoles(row);
  if (wanted === null) return { waitsForChoice: 'Choose the roles that the application is to have' };
  const { roles, unknown } = matchRoles(wanted, availableRoles(row) ?? []);
  if (unknown !== undefined)
    return { waitsForChoice: `The environment has no role “${unknown}”: choose again` };
  return { detail: namesOf(roles) || 'No role: the application may do nothing', values: {} };
}

/**
 * Makes the user, or takes the one that is there. That the hub makes it is written down before it does, so that a process
 * that was killed in between still knows whose it is.
 */
async function createUser(run: ApplicationUserRun): Promise<StepResult> {
  const applicationUsers = applicationUsersOf(run.context);
  const call = await openSession(run);
  const { connection } = await readTokenState(run.context, run.row.connection_id);
  const { client_id: applicationId } = connection;
  let user = await applicationUsers.find(call, applicationId);
  if (!user) {
    await changeUnderLease(run, { made_by_hub: 1 });
    await applicationUsers.create(call, applicationId, kept(run.row.business_unit_id));
    user = await applicationUsers.find(call, applicationId);
  }
  // Made a moment ago, and not to be seen yet.
  if (!user) throw new HubError('crm_unavailable', { detail: 'The new application user can’t be seen yet.' });
  if (user.isDisabled) await applicationUsers.enable(call, user.id);
  const isOurs = run.row.made_by_hub === 1;
  return {
    detail: isOurs ? `User ${user.id} made` : `User ${user.id} was there already`,
    values: { user_id: user.id, made_by_hub: isOurs ? 1 : 0 },
  };
}

/** Gives what is chosen and not there yet. A user that the hub has made has these roles and no others. */
async function giveRoles(run: ApplicationUserRun): Promise<StepResult> {
  const applicationUsers = applicationUsersOf(run.context);
  const call = await openSession(run);
  const userId = kept(run.row.user_id);
  const { roles } = matchRoles(wantedRoles(run.row) ?? [], availableRoles(run.row) ?? []);
  const present = await applicationUsers.rolesOf(call, userId);
  const missing = roles.filter(({ id }) => !includes(present, id));
  // Written down before they are given: what is taken back later is what the hub gave.
  const given = [
    ...givenRoles(run.row).filter(({ id }) => includes(roles, id) && !includes(missing, id)),
    ...missing,
  ];
  await changeUnderLease(run, { given_roles: JSON.stringify(given) });
  for (const { id } of missing) await applicationUsers.giveRole(call, userId, id);
  if (run.row.made_by_hub === 1) {
    const others = present.filter(({ id }) => !includes(roles, id));
    for (const { id } of others) await applicationUsers.takeRole(call, userId, id);
  }
  return { detail: namesOf(roles) || 'None', values: {} };
}

async function takeRoles(run: ApplicationUserRun): Promise<StepResult> {
  const { user_id: userId } = run.row;
  const given = givenRoles(run.row);
  if (userId === null || given.length === 0) return { detail: 'There was no role to take back', values: {} };
  const call = await openSession(run);
  for (const { id } of given) await applicationUsersOf(run.context).takeRole(call, userId, id);
  return { detail: `${namesOf(given)} taken back`, values: { given_roles: '[]' } };
}

async function removeUser(run: ApplicationUserRun): Promise<StepResult> {
  const applicationUsers = applicationUsersOf(run.context);
  if (run.row.made_by_hub !== 1) return { detail: 'The user was there before, and stays', values: {} };
  const call = await openSession(run);
  const { connection } = await readTokenState(run.context, run.row.connection_id);
  // Killed between making the user and writing its id down: it is still found by its application.
  const user = await applicationUsers.find(call, connection.client_id);
  if (!user) return { detail: 'The user was gone already', values: {} };
  await applicationUsers.remove(call, user.id);
  return { detail: `User ${user.id} disabled and deleted`, values: {} };
}

function includes(roles: readonly EnvironmentRole[], id: string): boolean {
  return roles.some((role) => role.id === id);
}

function namesOf(roles: readonly EnvironmentRole[]): string {
  return roles.map(({ name }) => name).join(', ');
}

/** What an earlier step wrote down. Its absence means that the order of the steps was broken. */
function kept(id: string | null): string {
  if (id === null) throw new Error('A step ran before the one that finds what it needs.');
  return id;
}
