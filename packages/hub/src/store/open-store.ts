import type { HubConfig } from '../config/config.ts';
import type { Clock, Sleep } from '../ground/clock.ts';
import type { Random } from '../ground/random.ts';
import { migrate } from './migrate.ts';
import { explainSqliteFailure, openSqlite } from './open-sqlite.ts';
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
  if (config.databaseUrl !== null) return openMigratedPostgres(config.databaseUrl, parameters);
  const store = await openSqlite(config.dataFolder);
  try {
    await migrate(store, parameters);
    return store;
  } catch (error) {
    await store.close();
    throw explainSqliteFailure(error, config.dataFolder);
  }
}

/**
 * Opens the database as it is, with tables of any version or none, without limits of time: for commands.
 *
 * @throws StoreError when the database can't be used
 */
export async function openBareStore({
  databaseUrl,
  dataFolder,
}: Pick<HubConfig, 'databaseUrl' | 'dataFolder'>): Promise<Store> {
  if (databaseUrl === null) return openSqlite(dataFolder);
  const { openPostgres } = await import('./open-postgres.ts');
  const { noLimits } = await import('./postgres-pool.ts');
  return openPostgres(databaseUrl, noLimits);
}

/** The tables are made by connections without limits of time: an index on millions of rows takes as long as it takes. */
async function openMigratedPostgres(
  url: string,
  parameters: Omit<OpenStoreOptions, 'config'>,
): Promise<Store> {
  // The driver is loaded only where it is used: it would be a tenth of what a start on SQLite loads.
  const { openPostgres } = await import('./open-postgres.ts');
  const { noLimits } = await import('./postgres-pool.ts');
  const { explainTableFailure } = await import('./explain-postgres.ts');
  const patient = await openPostgres(url, noLimits);
  try {
    await migrate(patient, parameters);
  } catch (error) {
    throw await explainTableFailure(error, patient.db);
  } finally {
    await patient.close();
  }
  return openPostgres(url);
}
