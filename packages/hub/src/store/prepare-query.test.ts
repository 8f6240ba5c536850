import { describe, expect, it } from 'vitest';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { testEngines } from '../testing/test-database.ts';
import { inTransaction } from './in-transaction.ts';
import { prepareQuery, type ValueOf } from './prepare-query.ts';

describe.each(testEngines)('a prepared query on %s', (engine) => {
  it('is run with the values of each time, and is built once for a database', async () => {
    let built = 0;
    const insert = prepareQuery((db, value: ValueOf<{ hash: string; at: number }>) => {
      built += 1;
      const times = { created_at: value('at'), expires_at: value('at') };
      return db.insertInto('sessions').values({ session_hash: value('hash'), ...times });
    });
    const find = prepareQuery((db, value: ValueOf<{ hash: string }>) =>
      db.selectFrom('sessions').selectAll().where('session_hash', '=', value('hash')),
    );
    const { db } = await openTestStore(await makeStorePlace(engine));
    const { numAffectedRows } = await insert(db, { hash: 'a', at: 1 });
    await insert(db, { hash: 'b', at: 2 });
    expect(numAffectedRows).toBe(1n);
    expect((await find(db, { hash: 'b' })).rows).toEqual([
      { session_hash: 'b', created_at: 2, expires_at: 2 },
    ]);
    expect((await find(db, { hash: 'c' })).rows).toEqual([]);
    expect(built).toBe(1);
  });

  it('belongs to the transaction that it is run in', async () => {
    const insert = prepareQuery((db, value: ValueOf<{ hash: string }>) =>
      db.insertInto('sessions').values({ session_hash: value('hash'), created_at: 1, expires_at: 1 }),
    );
    const store = await openTestStore(await makeStorePlace(engine));
    await insert(store.db, { hash: 'a' });
    const work = inTransaction(store, async (db) => {
      await insert(db, { hash: 'b' });
      throw new Error('mine');
    });
    await expect(work).rejects.toThrow('mine');
    expect(await store.db.selectFrom('sessions').select('session_hash').execute()).toEqual([
      { session_hash: 'a' },
    ]);
  });
});

it('is made for each engine in its own words', async () => {
  const find = prepareQuery((db, value: ValueOf<{ hash: string }>) =>
    db.selectFrom('sessions').selectAll().where('session_hash', '=', value('hash')),
  );
  for (const engine of testEngines) {
    const { db } = await openTestStore(await makeStorePlace(engine));
    expect((await find(db, { hash: 'a' })).rows).toEqual([]);
  }
});
