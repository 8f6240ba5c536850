import path from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Sleep } from '../ground/clock.ts';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { inTransaction } from './in-transaction.ts';
import { openSqlite } from './open-sqlite.ts';
import { sqliteBusy, sqliteFull } from './sqlite-codes.ts';
import { TransactionUndoneError } from './sqlite-writes.ts';

const session = (hash: string) => ({ session_hash: hash, created_at: 1, expires_at: 1 });

/** A store, and another process's look at its file. */
async function openWatched(sleep?: Sleep) {
  const dataFolder = makeTemporaryFolder();
  await openTestStore({ dataFolder, databaseUrl: null });
  const store = await openSqlite(dataFolder, sleep);
  const other = new DatabaseSync(path.join(dataFolder, 'hub.sqlite'));
  onTestFinished(async () => {
    other.close();
    await store.close();
  });
  const selected = other.prepare('select session_hash from sessions order by rowid');
  return {
    store,
    other,
    insert: (hash: string) => store.db.insertInto('sessions').values(session(hash)).execute(),
    /** A transaction of two statements. */
    insertTwo: (hash: string) =>
      inTransaction(store, async (db) => {
        await db.insertInto('sessions').values(session(hash)).execute();
        await db
          .insertInto('sessions')
          .values(session(`${hash}2`))
          .execute();
      }),
    /** What others see, in the order in which it was written. */
    seen: () => selected.all().map((row) => row.session_hash),
  };
}

/** Lets a kind of statement fail as it does when the disk is full. @returns how often each ran */
function failStatement(text: string, times: number): { ran: number } {
  const counted = { ran: 0 };
  // It is called on the statement that it is spied on.
  // oxlint-disable-next-line typescript/unbound-method
  const { run } = StatementSync.prototype;
  const spy = vi.spyOn(StatementSync.prototype, 'run').mockImplementation(function (
    this: StatementSync,
    ...parameters
  ) {
    if (this.sourceSQL !== text) return run.apply(this, parameters);
    counted.ran += 1;
    if (counted.ran <= times)
      throw Object.assign(new Error('database or disk is full'), { errcode: sqliteFull });
    return run.apply(this, parameters);
  });
  onTestFinished(() => spy.mockRestore());
  return counted;
}

describe('writes to SQLite that wait at the same moment', () => {
  it('share one commit, in the order in which they came', async () => {
    const { insert, insertTwo, seen } = await openWatched();
    const commits = failStatement('commit', 0);
    await Promise.all([insertTwo('a'), insert('b'), insertTwo('c'), insert('d')]);
    expect(seen()).toEqual(['a', 'a2', 'b', 'c', 'c2', 'd']);
    expect(commits.ran).toBe(1);
  });

  it('come along when the same turn of the event loop has brought them', async () => {
    const { insert } = await openWatched();
    const commits = failStatement('commit', 0);
    const first = insert('a');
    await Promise.resolve();
    await Promise.all([first, insert('b')]);
    expect(commits.ran).toBe(1);
  });

  it('are acknowledged when they are committed, and not before', async () => {
    const { store, insertTwo, insert, seen } = await openWatched();
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: begun, resolve: tellBegun } = Promise.withResolvers<void>();
    const acknowledged: string[] = [];
    const note = (what: string) => () => acknowledged.push(what);
    const writes = [
      insertTwo('a').then(note('a')),
      insert('b').then(note('b')),
      inTransaction(store, async (db) => {
        await db.insertInto('sessions').values(session('c')).execute();
        tellBegun();
        await held;
      }).then(note('c')),
    ];
    await begun;
    await setImmediate();
    expect(acknowledged).toEqual([]);
    expect(seen()).toEqual([]);
    letGo();
    await Promise.all(writes);
    expect(acknowledged.toSorted()).toEqual(['a', 'b', 'c']);
    expect(seen()).toEqual(['a', 'a2', 'b', 'c']);
  });

  it('are seen by no reader before they are committed', async () => {
    const { store, insert } = await openWatched();
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: begun, resolve: tellBegun } = Promise.withResolvers<void>();
    const writes = [
      insert('a'),
      inTransaction(store, async () => {
        tellBegun();
        await held;
        throw new Error('mine');
      }),
    ];
    await begun;
    let rows: unknown[] | null = null;
    const read = async () => {
      rows = await store.db.selectFrom('sessions').selectAll().execute();
    };
    const reading = read();
    await setImmediate();
    expect(rows).toBeNull();
    letGo();
    await Promise.allSettled(writes);
    await reading;
    expect(rows).toEqual([session('a')]);
  });

  it('that fail undo only themselves', async () => {
    const { store, insert, insertTwo, seen } = await openWatched();
    const failing = inTransaction(store, async (db) => {
      await db.insertInto('sessions').values(session('never')).execute();
      throw new Error('mine');
    });
    const outcomes = await Promise.allSettled([
      insertTwo('a'),
      failing,
      insert('b'),
      insert('a'),
      insertTwo('b'),
      insertTwo('c'),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { reason: { message: 'mine' } },
      { status: 'fulfilled' },
      { reason: { message: /UNIQUE/ } },
      { reason: { message: /UNIQUE/ } },
      { status: 'fulfilled' },
    ]);
    expect(seen()).toEqual(['a', 'a2', 'b', 'c', 'c2']);
  });

  it('are made anew, each alone, when SQLite gives all of them up for one’s sake', async () => {
    const { store, insert, insertTwo, seen } = await openWatched();
    let attempts = 0;
    const failing = inTransaction(store, async (db) => {
      attempts += 1;
      await db.insertInto('sessions').values(session('never')).execute();
      // As SQLite does by itself when a statement finds the disk full.
      await sql`rollback`.execute(db);
      await expect(sql`what fails`.execute(db)).rejects.toThrow('syntax error');
      await db.insertInto('sessions').values(session('nor this')).execute();
    });
    const outcomes = await Promise.allSettled([insertTwo('a'), insert('b'), failing, insert('c')]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { reason: { message: 'SQLite has rolled this transaction back.' } },
      { status: 'fulfilled' },
    ]);
    expect(attempts).toBe(1);
    expect(new Set(seen())).toEqual(new Set(['a', 'a2', 'b', 'c']));
  });

  it('are made anew, each alone, when their commit fails, so that each hears only what is wrong with it', async () => {
    const { insert, insertTwo, seen } = await openWatched();
    // The one that all share, and that of the first that is made anew.
    const commits = failStatement('commit', 2);
    const outcomes = await Promise.allSettled([insertTwo('a'), insert('b'), insertTwo('c')]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes).toContainEqual({
      status: 'rejected',
      reason: expect.objectContaining({ errcode: sqliteFull }),
    });
    expect(commits.ran).toBe(3);
    expect(seen()).toContain('b');
    await Promise.all([insertTwo('d'), insertTwo('e')]);
    expect(seen()).toContain('e2');
    expect(commits.ran).toBe(4);
  });

  it('that are made anew keep their order', async () => {
    const { insert, seen } = await openWatched();
    failStatement('commit', 1);
    await Promise.all([insert('a'), insert('b'), insert('c')]);
    expect(seen()).toEqual(['a', 'b', 'c']);
  });

  it('tell who does not make them anew that nothing was wrong with them', async () => {
    const { store, insert } = await openWatched();
    failStatement('commit', 1);
    const transaction = store.db.transaction().execute((db) => db.deleteFrom('sessions').execute());
    const outcomes = await Promise.allSettled([transaction, insert('a')]);
    expect(outcomes).toMatchObject([{ reason: expect.any(TransactionUndoneError) }, { status: 'fulfilled' }]);
  });

  it('do not keep what one has written that could not be undone', async () => {
    const { store, insertTwo, seen } = await openWatched();
    failStatement('rollback to member', 1);
    const failing = inTransaction(store, async (db) => {
      await db.insertInto('sessions').values(session('never')).execute();
      throw new Error('mine');
    });
    const outcomes = await Promise.allSettled([insertTwo('a'), failing, insertTwo('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(new Set(seen())).toEqual(new Set(['a', 'a2', 'b', 'b2']));
  });

  it('wait each for itself while another process holds the lock', async () => {
    let waited = 0;
    const { other, insert, seen } = await openWatched(async (milliseconds) => {
      waited += milliseconds;
      if (waited >= 5_200) other.exec('commit');
    });
    other.exec('begin immediate');
    const outcomes = await Promise.allSettled([insert('a'), insert('b'), insert('c')]);
    expect(outcomes).toMatchObject([
      { reason: { errcode: sqliteBusy } },
      { status: 'fulfilled' },
      { status: 'fulfilled' },
    ]);
    expect(seen()).toEqual(['b', 'c']);
  });

  it('leave a pragma out of their transaction, and it gets its turn', async () => {
    const { store, insert, seen } = await openWatched();
    const writes = [insert('a'), insert('b')];
    const checkpoint = sql`pragma wal_checkpoint(truncate)`.execute(store.db);
    await Promise.all([...writes, insert('c'), insert('d')]);
    expect((await checkpoint).rows).toMatchObject([{ busy: 0 }]);
    expect(seen()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are more than one commit is for, and all come through', async () => {
    const { insert, seen } = await openWatched();
    const commits = failStatement('commit', 0);
    await Promise.all(Array.from({ length: 200 }, (_, index) => insert(`${index}`)));
    expect(seen()).toHaveLength(200);
    expect(commits.ran).toBeGreaterThanOrEqual(4);
  });

  it('let the event loop go on from one commit to the next', async () => {
    const { insert } = await openWatched();
    let turns = 0;
    const counting = new AbortController();
    async function countTurns(): Promise<void> {
      for (; !counting.signal.aborted; turns += 1) await setImmediate();
    }
    const counted = countTurns();
    await Promise.all(Array.from({ length: 200 }, (_, index) => insert(`${index}`)));
    counting.abort();
    await counted;
    expect(turns).toBeGreaterThan(3);
  });
});
