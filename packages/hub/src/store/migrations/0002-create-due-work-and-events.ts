import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Database } from '../schema.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** What the keeper does, and what it and everybody else did. */
export async function createDueWorkAndEvents(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('due_work')
    .ifNotExists()
    .addColumn('kind', 'text', required)
    .addColumn('subject_id', 'text', required)
    .addColumn('due_at', 'bigint', required)
    .addColumn('claim_owner', 'text')
    .addColumn('claimed_until', 'bigint', required)
    // By the subject first: what is deleted takes all its work along.
    .addPrimaryKeyConstraint('due_work_key', ['subject_id', 'kind'])
    .execute();
  await db.schema.createIndex('due_work_by_time').ifNotExists().on('due_work').column('due_at').execute();
  await db.schema
    .createTable('events')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('subject_kind', 'text', required)
    .addColumn('subject_id', 'text', required)
    .addColumn('happened_at', 'bigint', required)
    .addColumn('kind', 'text', required)
    .addColumn('summary', 'text', required)
    .addColumn('failure', 'text')
    .addColumn('facts', 'text', required)
    .execute();
  await db.schema
    .createIndex('events_by_subject')
    .ifNotExists()
    .on('events')
    .columns(['subject_id', 'happened_at', 'id'])
    .execute();
  await db.schema.createIndex('events_by_time').ifNotExists().on('events').column('happened_at').execute();
}
