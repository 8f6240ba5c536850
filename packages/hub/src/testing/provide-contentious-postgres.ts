import type { TestProject } from 'vitest/node';
import { openContentiousRelay } from './open-contentious-relay.ts';
import { startPostgres } from './start-postgres.ts';

/** A PostgreSQL that serializes every transaction, and gives some of them up as distributed engines do. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres({ settings: ['default_transaction_isolation=serializable'] });
  const relay = await openContentiousRelay(postgres.url);
  project.provide('postgresUrl', relay.url);
  return async () => {
    const givenUp = relay.givenUp();
    await relay.close();
    await postgres.stop();
    if (givenUp === 0) throw new Error('No transaction was given up: the tests have proven nothing.');
  };
}
