import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** What a registration needs so that its secret is watched and rotated. */
export async function keepClientSecrets(db: Kysely<Database>): Promise<void> {
  await addMissingColumns(db, 'registrations', [
    { name: 'secret_alarm', type: 'text' },
    { name: 'secret_alarm_at', type: 'bigint' },
    { name: 'secret_warned_days', type: 'integer' },
    { name: 'secret_warned_for', type: 'bigint' },
    { name: 'rotation_policy', type: 'text', usual: 'automatic' },
    { name: 'rotation_days_before_end', type: 'integer', usual: 30 },
    { name: 'rotation_step', type: 'text' },
    { name: 'rotation_name', type: 'text' },
    { name: 'rotation_tries', type: 'integer', usual: 0 },
    { name: 'rotation_failure', type: 'text' },
    { name: 'rotation_next_try_at', type: 'bigint' },
    { name: 'rotated_at', type: 'bigint' },
    { name: 'sealed_next_secret', type: 'text' },
    { name: 'next_secret_key_id', type: 'text' },
    { name: 'next_secret_hint', type: 'text' },
    { name: 'next_secret_ends_at', type: 'bigint' },
    { name: 'sealed_previous_secret', type: 'text' },
    { name: 'previous_secret_key_id', type: 'text' },
    { name: 'rotation_grace_hours', type: 'integer', usual: 24 },
    { name: 'may_rotate', type: 'integer' },
    { name: 'checked_at', type: 'bigint' },
    { name: 'check_findings', type: 'text' },
    { name: 'check_failure', type: 'text' },
    { name: 'next_check_at', type: 'bigint' },
    { name: 'administrator_task', type: 'text' },
    { name: 'administrator_task_failure', type: 'text' },
  ]);
  await watchReady(db);
}

/** Those that an earlier version made are looked after from now on, too. */
async function watchReady(db: Kysely<Database>): Promise<void> {
  await db
    .insertInto('due_work')
    .columns(['kind', 'subject_id', 'due_at', 'claimed_until'])
    .expression((eb) =>
      eb
        .selectFrom('registrations')
        .select([
          sql.lit('registration').$castTo<string>().as('kind'),
          'id as subject_id',
          eb.lit(0).as('due_at'),
          eb.lit(0).as('claimed_until'),
        ])
        .where('state', '=', 'ready'),
    )
    .onConflict((conflict) => conflict.columns(['kind', 'subject_id']).doNothing())
    .execute();
}
