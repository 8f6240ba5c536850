import type { HubConfig } from '../config/config.ts';
import type { Clock, Sleep } from '../ground/clock.ts';
import type { Random } from '../ground/random.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Store } from './store.ts';

interface OpenStoreOptions {
  config: Pick<HubConfig, 'databaseUrl' | 'dataFolder'>;
  clock: Clock;
  random: Random;
  sleep: Sleep;
}

/**
 * Opens the database and brings its tables up to date: PostgreSQL when `databaseUrl` is set, else the SQLite file
 * `hub.sqlite` in the data folder, which is made when missing.
 *
 * @throws StoreError when the database can't be used
 */
export async function openStore({ config, ...parameters }: OpenStoreOptions): Promise<Store> {
  const store = config.databaseUrl
    ? await connectPostgres(config.databaseUrl)
    : await openSqlite(config.dataFolder);
  try {
    await migrate(store, parameters);
    return store;
  } catch (error) {
    try {
      throw await explain(error, store);
    } finally {
      await store.close();
    }
  }
}

async function explain(error: unknown, { db, engine }: Store): Promise<unknown> {
  if (engine !== 'postgres') return error;
  const { explainTableFailure } = await import('./explain-postgres.ts');
  return explainTableFailure(error, db);
}

/** The driver is loaded only where it is used: it would be a tenth of what a start on SQLite loads. */
async function connectPostgres(databaseUrl: string): Promise<Store> {
  const { openPostgres } = await import('./open-postgres.ts');
  return openPostgres(databaseUrl);
}
