import type { SelectQueryBuilder } from 'kysely';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

/**
 * Makes a query within a transaction read a table's rows as they are last, and keep others from changing them until the
 * transaction ends. On SQLite each transaction holds the write lock from its beginning.
 */
export function lockRow<Tables extends keyof Database, Row>(
  { engine }: Pick<Store, 'engine'>,
  query: SelectQueryBuilder<Database, Tables, Row>,
  table: Tables,
): SelectQueryBuilder<Database, Tables, Row> {
  return engine === 'postgres' ? query.forUpdate(table) : query;
}
