import { HubError } from '../errors/hub-error.ts';
import { noLease } from '../store/lease.ts';
import type { ApplicationUserRow } from '../store/schema.ts';
import type { ApplicationUserContext } from './application-user-context.ts';
import { availableRoles, changeApplicationUser, findApplicationUser } from './application-user-row.ts';
import { matchRoles } from './match-roles.ts';
import { startApplicationUser } from './run-application-user.ts';

/**
 * Takes what a person chose of the environment's own list, and goes on with it.
 *
 * @param wanted ids or names
 * @throws HubError `application_user_not_found`; `application_user_state_conflict` when no choice is waited for;
 *   `invalid_body` at `roles` for one that the environment does not have
 */
export async function chooseRoles(
  context: ApplicationUserContext,
  connectionId: string,
  wanted: readonly string[],
): Promise<ApplicationUserRow> {
  const row = await findApplicationUser(context, connectionId);
  const available = availableRoles(row);
  if (row.state !== 'choosing_roles' || available === null) {
    throw new HubError('application_user_state_conflict');
  }
  const { unknown } = matchRoles(wanted, available);
  if (unknown !== undefined) {
    const message = `The environment has no role “${unknown}”.`;
    throw new HubError('invalid_body', { fields: [{ path: 'roles', message }] });
  }
  const changed = await changeApplicationUser(context, row, {
    state: 'running',
    wanted_roles: JSON.stringify(wanted),
    ...noLease,
  });
  startApplicationUser(context, changed);
  return changed;
}
