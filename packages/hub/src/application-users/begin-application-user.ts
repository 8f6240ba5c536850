import type { BeginApplicationUser } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import { createSignInLink } from '../sign-ins/create-sign-in-link.ts';
import { noLease } from '../store/lease.ts';
import type { ApplicationUserRow } from '../store/schema.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import { hasAdministratorToken } from './administrator-token.ts';
import { type ApplicationUserContext, applicationUsersOf } from './application-user-context.ts';
import { isHeld } from './application-user-lease.ts';
import {
  type ApplicationUserChange,
  changeApplicationUser,
  findApplicationUser,
  noAdministrator,
} from './application-user-row.ts';
import { initialSteps, readSteps, withStep } from './application-user-steps.ts';
import { startApplicationUser } from './run-application-user.ts';

/** The name of an environment administrator's sign-in among the subjects. */
export const applicationUserPurpose = 'application_user';

/**
 * Begins to let a connection's application into its environment as itself: an administrator of the environment is waited
 * for, and nothing is made before. Called again, for other roles, it begins anew with the user that is there.
 *
 * @throws HubError `connection_not_found`; `application_user_not_applicable` where a person signs in;
 *   `application_user_busy` while a run is at it
 */
export async function beginApplicationUser(
  context: ApplicationUserContext,
  connectionId: string,
  { roles }: BeginApplicationUser,
): Promise<ApplicationUserRow> {
  const { connection } = await readTokenState(context, connectionId);
  applicationUsersOf(context);
  if (connection.method !== 'client_credentials') throw new HubError('application_user_not_applicable');
  await insertIfMissing(context, connectionId);
  const row = await findApplicationUser(context, connectionId);
  await refuseWhileBusy(context, row);
  const wanted = { wanted_roles: roles === undefined ? null : JSON.stringify(roles) };
  const fresh = { ...row, steps: initialSteps(), state: 'awaiting_sign_in' as const };
  return changeApplicationUser(context, row, {
    ...wanted,
    available_roles: null,
    ...(await waitForSignIn(context, fresh)),
  });
}

/**
 * Goes on from the first step that is not done; where that takes an administrator whose sign-in has ended, a fresh link is
 * offered first.
 *
 * @throws HubError `application_user_not_found`, `application_user_busy`, `application_user_state_conflict`
 */
export async function retryApplicationUser(
  context: ApplicationUserContext,
  connectionId: string,
): Promise<ApplicationUserRow> {
  const row = await findApplicationUser(context, connectionId);
  if (row.state === 'ready' || row.state === 'undone') throw new HubError('application_user_state_conflict');
  await refuseWhileBusy(context, row);
  const isUsable = hasAdministratorToken(row, context.clock.now());
  const state = row.state === 'undoing' || row.state === 'choosing_roles' ? row.state : 'running';
  const changed = await changeApplicationUser(
    context,
    row,
    isUsable ? { state, ...noLease } : await waitForSignIn(context, row),
  );
  startApplicationUser(context, changed);
  return changed;
}

/**
 * Takes back what the hub has made in the environment: the roles that it gave, and the user where it made that. Where it
 * made nothing yet, it is undone at once.
 *
 * @throws HubError `application_user_not_found`, `application_user_busy`
 */
export async function undoApplicationUser(
  context: ApplicationUserContext,
  connectionId: string,
): Promise<ApplicationUserRow> {
  const row = await findApplicationUser(context, connectionId);
  if (row.state === 'undone') return row;
  await refuseWhileBusy(context, row);
  const { attempts } = readSteps(row).find(({ name }) => name === 'application_user') ?? { attempts: 0 };
  if (row.user_id === null && attempts === 0) {
    return changeApplicationUser(context, row, { state: 'undone', ...noAdministrator, ...noLease });
  }
  const undoing: ApplicationUserRow = { ...row, state: 'undoing' };
  const isUsable = hasAdministratorToken(row, context.clock.now());
  const changed = await changeApplicationUser(
    context,
    row,
    isUsable ? { state: 'undoing', ...noLease } : await waitForSignIn(context, undoing),
  );
  startApplicationUser(context, changed);
  return changed;
}

/** @returns what changes while an administrator is waited for, with a fresh link */
async function waitForSignIn(
  context: ApplicationUserContext,
  row: ApplicationUserRow,
): Promise<ApplicationUserChange> {
  const subject = { purpose: applicationUserPurpose, subjectId: row.connection_id };
  const link = await createSignInLink(context, subject);
  return {
    state: row.state === 'undoing' ? 'undoing' : 'awaiting_sign_in',
    steps: withStep(row, 'sign_in', { state: 'waiting', detail: null, failure: null }),
    ...noAdministrator,
    sealed_sign_in_link: context.vault.seal(JSON.stringify(link), signInLinkPlace(row.connection_id)),
    ...noLease,
  };
}

async function refuseWhileBusy(context: ApplicationUserContext, row: ApplicationUserRow): Promise<void> {
  if (await isHeld(context, row.connection_id)) throw new HubError('application_user_busy');
}

async function insertIfMissing(context: ApplicationUserContext, connectionId: string): Promise<void> {
  const now = context.clock.now();
  await context.store.db
    .insertInto('application_users')
    .values({
      connection_id: connectionId,
      state: 'awaiting_sign_in',
      wanted_roles: null,
      available_roles: null,
      given_roles: '[]',
      business_unit_id: null,
      user_id: null,
      made_by_hub: null,
      ...noAdministrator,
      steps: initialSteps(),
      version: 0,
      ...noLease,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.column('connection_id').doNothing())
    .execute();
}

/** Where a sealed sign-in link belongs; moved elsewhere it does not open. */
export function signInLinkPlace(connectionId: string): string {
  return `application_users/${connectionId}/sealed_sign_in_link`;
}
