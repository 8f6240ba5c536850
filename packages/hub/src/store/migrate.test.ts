import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { migrate } from './migrate.ts';
import { type Migration, migrations } from './migrations/migrations.ts';
import type { Store } from './store.ts';

const parameters = {
  clock: createTestClock(),
  random: { bytes: (count: number) => randomBytes(count) },
  sleep: async () => undefined,
};

/** The product's own, which an open store has. */
const applied = migrations.map(
  ({ name }): Migration => ({ name, up: () => Promise.reject(new Error('again')) }),
);

function countRows(store: Store, table: string): Promise<number> {
  return sql<{ rows: number }>`select count(*) as rows from ${sql.table(table)}`
    .execute(store.db)
    .then(({ rows }) => rows[0]?.rows ?? 0);
}

describe.each(testEngines)('migrations on %s', (engine) => {
  it('are applied once when several processes start at once', async () => {
    const place = await makeStorePlace(engine);
    const stores = await Promise.all([1, 2, 3, 4].map(() => openTestStore(place)));
    for (const store of stores) expect(await countRows(store, 'schema_migrations')).toBe(migrations.length);
  });

  it('are not applied again', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    await expect(migrate(store, { ...parameters, steps: applied })).resolves.toBeUndefined();
  });

  it('that fail give the lock back and are tried again by the next start', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    let attempts = 0;
    const addTable: Migration = {
      name: '0002-add-table',
      async up(db) {
        await db.schema.createTable('later').ifNotExists().addColumn('id', 'text').execute();
        attempts += 1;
        if (attempts === 1) throw new Error('killed in the middle');
      },
    };
    const steps = [...applied, addTable];
    await expect(migrate(store, { ...parameters, steps })).rejects.toThrow('killed in the middle');
    await migrate(store, { ...parameters, steps });
    expect(attempts).toBe(2);
    expect(await countRows(store, 'later')).toBe(0);
  });

  it('wait for another process until its lock ends, then take over', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    const clock = createTestClock();
    await sql`update schema_lock set owner = 'dead', locked_until = ${clock.now() + 60_000}`.execute(
      store.db,
    );
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => {
      waits.push(milliseconds);
      clock.advance(30_001);
    };
    const step: Migration = { name: '0002-nothing', up: async () => undefined };
    await migrate(store, { ...parameters, clock, sleep, steps: [...applied, step] });
    expect(waits).toHaveLength(2);
    expect(await countRows(store, 'schema_migrations')).toBe(migrations.length + 1);
  });

  it('do not wait for a lock that a clock months ahead has left behind', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    const until = parameters.clock.now() + 90 * 24 * 3_600_000;
    await sql`update schema_lock set owner = 'dead', locked_until = ${until}`.execute(store.db);
    const sleep = () => Promise.reject(new Error('It waits.'));
    const step: Migration = { name: '0002-nothing', up: async () => undefined };
    await migrate(store, { ...parameters, sleep, steps: [...applied, step] });
    expect(await countRows(store, 'schema_migrations')).toBe(migrations.length + 1);
  });

  it('refuse a database that a newer version has changed', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    await expect(migrate(store, { ...parameters, steps: [] })).rejects.toMatchObject({
      code: 'database_newer',
      message: expect.stringContaining('0001-create-first-tables'),
    });
  });
});
