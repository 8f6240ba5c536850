import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** The hub's database, SQLite or PostgreSQL behind the same queries. */
export interface Store {
  db: Kysely<Database>;
  engine: 'sqlite' | 'postgres';
  close(): Promise<void>;
}
