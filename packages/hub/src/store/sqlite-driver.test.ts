import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sleep } from '../ground/clock.ts';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { inTransaction } from './in-transaction.ts';
import { openSqlite } from './open-sqlite.ts';
import { sqliteBusy, sqliteFull } from './sqlite-codes.ts';

const session = (hash: string) => ({ session_hash: hash, created_at: 1, expires_at: 1 });

/** A store, and another process's connection to its file. */
async function openBeside(sleep?: Sleep) {
  const dataFolder = makeTemporaryFolder();
  await openTestStore({ dataFolder, databaseUrl: null });
  const store = await openSqlite(dataFolder, sleep);
  const other = new DatabaseSync(path.join(dataFolder, 'hub.sqlite'));
  onTestFinished(async () => {
    other.close();
    await store.close();
  });
  const write = (hash: string) => store.db.insertInto('sessions').values(session(hash)).execute();
  const read = async () => {
    const rows = await store.db.selectFrom('sessions').select('session_hash').execute();
    return rows.map((row) => row.session_hash);
  };
  return { store, other, write, read };
}

describe('a write to SQLite while another process holds the lock', () => {
  it('waits without the event loop, and is done when the lock is free', async () => {
    const { other, write, read } = await openBeside(() => setImmediate());
    other.exec('begin immediate');
    let isDone = false;
    const written = write('a').finally(() => {
      isDone = true;
    });
    // With a busy timeout of SQLite's own, not one of these turns would come before it is over.
    await setImmediate();
    await setImmediate();
    expect(isDone).toBe(false);
    expect(await read()).toEqual([]);
    other.exec('commit');
    await written;
    expect(await read()).toEqual(['a']);
  });

  it('keeps reads waiting for nothing, and writes for their turn', async () => {
    const { store, other, write, read } = await openBeside(() => setImmediate());
    other.exec('begin immediate');
    const order: string[] = [];
    const writes = [
      inTransaction(store, (db) => db.insertInto('sessions').values(session('first')).execute()).then(() =>
        order.push('first'),
      ),
      write('second').then(() => order.push('second')),
      write('third').then(() => order.push('third')),
    ];
    expect(await read()).toEqual([]);
    other.exec('commit');
    await Promise.all(writes);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('is refused after five seconds, and the next one takes its turn', async () => {
    let waited = 0;
    const { other, write, read } = await openBeside(async (milliseconds) => {
      waited += milliseconds;
    });
    other.exec('begin immediate');
    await expect(write('never')).rejects.toMatchObject({ errcode: sqliteBusy });
    expect(waited).toBeGreaterThanOrEqual(5_000);
    expect(waited).toBeLessThan(5_100);
    other.exec('commit');
    await write('after');
    expect(await read()).toEqual(['after']);
  });

  it('that is a transaction is refused alike', async () => {
    const { store, other, write } = await openBeside(async () => undefined);
    other.exec('begin immediate');
    const work = store.db.transaction().execute((db) => db.deleteFrom('sessions').execute());
    await expect(work).rejects.toMatchObject({ errcode: sqliteBusy });
    other.exec('commit');
    await write('after');
  });
});

describe('a transaction on SQLite', () => {
  it('is seen by nobody until it is over', async () => {
    const { store, write, read } = await openBeside();
    const { promise: seenAll, resolve: end } = Promise.withResolvers<void>();
    const { promise: begun, resolve: tellBegun } = Promise.withResolvers<void>();
    const work = inTransaction(store, async (db) => {
      await db.insertInto('sessions').values(session('a')).execute();
      tellBegun();
      await seenAll;
      await db.insertInto('sessions').values(session('b')).execute();
    });
    await begun;
    let hasRead = false;
    const reading = read().finally(() => {
      hasRead = true;
    });
    const writing = write('c');
    await setImmediate();
    expect(hasRead).toBe(false);
    end();
    await Promise.all([work, writing]);
    expect(await reading).toEqual(['a', 'b']);
    expect(await read()).toEqual(['a', 'b', 'c']);
  });

  it('that the disk has no room for is rolled back, and the next one goes on', async () => {
    const { store, write, read } = await openBeside();
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(store.db);
    await sql`pragma max_page_count = ${sql.lit(pages.rows[0]?.page_count)}`.execute(store.db);
    const tooMuch = Array.from({ length: 1_000 }, (_, index) => session(`${'x'.repeat(100)}${index}`));
    const work = inTransaction(store, (db) => db.insertInto('sessions').values(tooMuch).execute());
    await expect(work).rejects.toMatchObject({ errcode: sqliteFull });
    await sql`pragma max_page_count = 1000000`.execute(store.db);
    await write('after');
    expect(await read()).toEqual(['after']);
  });

  it('that SQLite has rolled back by itself fails for its own reason, and the next one goes on', async () => {
    const { store, write, read } = await openBeside();
    const work = store.db.transaction().execute(async (db) => {
      await sql`rollback`.execute(db);
      throw new Error('the disk failed');
    });
    await expect(work).rejects.toThrow('the disk failed');
    await write('after');
    expect(await read()).toEqual(['after']);
  });
});
