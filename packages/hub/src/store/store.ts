import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** The hub's database, SQLite or PostgreSQL behind the same queries. */
export interface Store {
  db: Kysely<Database>;
  engine: 'sqlite' | 'postgres';
  /**
   * Proves that what is written stays: SQLite works on with a file that is not there any more.
   *
   * @throws StoreError `database_moved`
   */
  provePlace(): Promise<void>;
  close(): Promise<void>;
}
