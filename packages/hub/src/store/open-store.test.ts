import { describe, expect, it } from 'vitest';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { testEngines } from '../testing/test-database.ts';

const session = { session_hash: 'a', created_at: 1_900_000_000_000, expires_at: 1_900_000_000_001 };

describe.each(testEngines)('a store on %s', (engine) => {
  it('gives times as numbers and rows as plain objects', async () => {
    const { db } = await openTestStore(await makeStorePlace(engine));
    await db.insertInto('sessions').values(session).execute();
    expect(await db.selectFrom('sessions').selectAll().execute()).toStrictEqual([session]);
  });

  it('counts in numbers', async () => {
    const { db } = await openTestStore(await makeStorePlace(engine));
    await db.insertInto('sessions').values(session).execute();
    const { count } = await db
      .selectFrom('sessions')
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(1);
  });

  it('returns what it wrote, and how many rows a write met', async () => {
    const { db } = await openTestStore(await makeStorePlace(engine));
    const written = await db.insertInto('sessions').values(session).returningAll().executeTakeFirst();
    const missed = await db
      .updateTable('sessions')
      .set({ expires_at: 0 })
      .where('session_hash', '=', 'b')
      .execute();
    expect(written).toStrictEqual(session);
    expect(missed[0]?.numUpdatedRows).toBe(0n);
  });

  it('keeps what was there when a second insert meets the same key', async () => {
    const { db } = await openTestStore(await makeStorePlace(engine));
    await db.insertInto('sessions').values(session).execute();
    const again = db.insertInto('sessions').values({ ...session, expires_at: 5 });
    await expect(again.execute()).rejects.toThrow(/unique|UNIQUE/);
    await again.onConflict((conflict) => conflict.column('session_hash').doNothing()).execute();
    expect(await db.selectFrom('sessions').select('expires_at').execute()).toStrictEqual([
      { expires_at: session.expires_at },
    ]);
  });

  it('undoes a transaction that fails', async () => {
    const { db } = await openTestStore(await makeStorePlace(engine));
    const work = db.transaction().execute(async (transaction) => {
      await transaction.insertInto('sessions').values(session).execute();
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await db.selectFrom('sessions').selectAll().execute()).toStrictEqual([]);
  });

  it('finds everything again when it is opened again', async () => {
    const place = await makeStorePlace(engine);
    const first = await openTestStore(place);
    await first.db.insertInto('sessions').values(session).execute();
    await first.close();
    const second = await openTestStore(place);
    expect(await second.db.selectFrom('sessions').selectAll().execute()).toStrictEqual([session]);
  });

  it('shows one opener what another one wrote', async () => {
    const place = await makeStorePlace(engine);
    const [one, other] = [await openTestStore(place), await openTestStore(place)];
    await one.db.insertInto('sessions').values(session).execute();
    expect(await other.db.selectFrom('sessions').selectAll().execute()).toStrictEqual([session]);
  });

  it('may be closed twice', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    await store.close();
    await expect(store.close()).resolves.toBeUndefined();
  });
});
