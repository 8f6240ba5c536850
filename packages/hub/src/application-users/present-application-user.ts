import type { ApplicationUser } from '@latchkey/api';
import { toIso } from '../ground/clock.ts';
import { readColumn } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import { signInLinkSchema } from '../sign-ins/create-sign-in-link.ts';
import type { ApplicationUserRow } from '../store/schema.ts';
import { availableRoles, givenRoles } from './application-user-row.ts';
import { readSteps, stepTitles } from './application-user-steps.ts';
import { signInLinkPlace } from './begin-application-user.ts';
import { waitsForSignIn } from './run-application-user.ts';

/** @returns an application user as the API shows it. @throws DamagedValueError, HubError of the vault */
export function presentApplicationUser(
  context: Pick<HubContext, 'vault' | 'clock'>,
  row: ApplicationUserRow,
  applicationId: string,
): ApplicationUser {
  const steps = readSteps(row);
  return {
    connectionId: row.connection_id,
    state: row.state,
    applicationId,
    userId: row.user_id,
    madeByHub: row.made_by_hub === null ? null : row.made_by_hub === 1,
    roles: givenRoles(row),
    availableRoles: availableRoles(row),
    steps: steps.map((step) => ({ ...step, title: stepTitles[step.name] })),
    signIn: presentSignIn(context, row),
    failure: steps.find(({ state }) => state === 'failed')?.failure ?? null,
    createdAt: toIso(row.created_at),
    updatedAt: toIso(row.updated_at),
  };
}

/** @returns null as well when the link has ended: a fresh one is asked for with POST …/retry */
function presentSignIn(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  row: ApplicationUserRow,
): ApplicationUser['signIn'] {
  if (row.sealed_sign_in_link === null || !waitsForSignIn(row, clock.now())) return null;
  const link = vault.open(row.sealed_sign_in_link, signInLinkPlace(row.connection_id));
  const { url, expiresAt } = readColumn(signInLinkSchema, link, 'application_users.sealed_sign_in_link');
  return expiresAt > clock.now() ? { url, expiresAt: toIso(expiresAt) } : null;
}
