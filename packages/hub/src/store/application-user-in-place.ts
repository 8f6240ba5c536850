import type { ExpressionBuilder } from 'kysely';
import type { Database } from './schema.ts';

/** Whether the hub has made something in the environment that it has not taken back: the user, or roles of one that was there. */
export function isApplicationUserInPlace(eb: ExpressionBuilder<Database, 'application_users'>) {
  return eb.and([
    eb('application_users.state', '!=', 'undone'),
    eb.or([eb('application_users.user_id', 'is not', null), eb('application_users.made_by_hub', '=', 1)]),
  ]);
}
