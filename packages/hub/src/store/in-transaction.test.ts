import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { testEngines } from '../testing/test-database.ts';
import { inTransaction } from './in-transaction.ts';

const session = { session_hash: 'a', created_at: 1, expires_at: 1 };

describe.each(testEngines)('a transaction on %s', (engine) => {
  it('commits what the work wrote and gives back what it returned', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    const result = await inTransaction(store, async (db) => {
      await db.insertInto('sessions').values(session).execute();
      return 'done';
    });
    expect(result).toBe('done');
    expect(await store.db.selectFrom('sessions').selectAll().execute()).toStrictEqual([session]);
  });

  it('does not repeat work that fails for a reason of its own', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    let attempts = 0;
    const work = inTransaction(store, async () => {
      attempts += 1;
      throw new Error('mine');
    });
    await expect(work).rejects.toThrow('mine');
    expect(attempts).toBe(1);
  });

  it.each([{ code: '40001' }, { code: '40P01' }, { errcode: 5 }, { errcode: 517 }])(
    'repeats the work when the database gives it up with %o, five times at most',
    async (marks) => {
      const store = await openTestStore(await makeStorePlace(engine));
      let attempts = 0;
      const work = inTransaction(store, async (db) => {
        attempts += 1;
        await db.insertInto('sessions').values(session).execute();
        throw Object.assign(new Error('given up'), marks);
      });
      await expect(work).rejects.toThrow('given up');
      expect(attempts).toBe(5);
      expect(await store.db.selectFrom('sessions').selectAll().execute()).toStrictEqual([]);
    },
  );
});

describe('two transactions that can’t both be, on postgres', () => {
  it('end with both done, one after the other', async () => {
    const store = await openTestStore(await makeStorePlace('postgres'));
    await store.db.insertInto('sessions').values(session).execute();
    let reads = 0;
    let readByBoth: (() => void) | undefined;
    const bothRead = new Promise<void>((resolve) => {
      readByBoth = resolve;
    });
    const addOne = () =>
      inTransaction(store, async (db) => {
        await sql`set transaction isolation level serializable`.execute(db);
        const row = await db.selectFrom('sessions').select('expires_at').executeTakeFirstOrThrow();
        reads += 1;
        if (reads === 2) readByBoth?.();
        await bothRead;
        await db
          .updateTable('sessions')
          .set({ expires_at: row.expires_at + 1 })
          .execute();
      });
    await Promise.all([addOne(), addOne()]);
    const { expires_at: sum } = await store.db.selectFrom('sessions').selectAll().executeTakeFirstOrThrow();
    expect(sum).toBe(3);
    expect(reads).toBe(3);
  });
});

describe('a transaction that is given up only at its commit, on postgres', () => {
  it('is repeated, and what it wrote is there', async () => {
    const store = await openTestStore(await makeStorePlace('postgres'));
    // A sequence counts on, whatever becomes of the transaction.
    await sql`create sequence commits`.execute(store.db);
    await sql`create function give_up_once() returns trigger language plpgsql as $$
      begin
        if nextval('commits') = 1 then raise exception 'given up' using errcode = '40001'; end if;
        return null;
      end $$`.execute(store.db);
    await sql`create constraint trigger at_commit after insert on sessions
      deferrable initially deferred for each row execute function give_up_once()`.execute(store.db);
    let attempts = 0;
    await inTransaction(store, async (db) => {
      attempts += 1;
      await db.insertInto('sessions').values(session).execute();
    });
    expect(await store.db.selectFrom('sessions').selectAll().execute()).toStrictEqual([session]);
    expect(attempts).toBe(2);
  });
});
