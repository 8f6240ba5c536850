import { copyFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { inTransaction } from './in-transaction.ts';
import { openSqlite } from './open-sqlite.ts';
import { proveStore } from './prove-store.ts';
import { sqliteBusy } from './sqlite-codes.ts';

it.each(testEngines)(
  'a database on %s that takes writes and keeps them is proven, again and again',
  async (engine) => {
    const store = await openTestStore(await makeStorePlace(engine));
    const clock = createTestClock();
    await proveStore({ store, clock });
    clock.advance(1);
    await proveStore({ store, clock });
    expect(await store.db.selectFrom('write_probes').select('written_at').execute()).toEqual([
      { written_at: clock.now() },
    ]);
  },
);

describe('a database file', () => {
  async function openFile() {
    const dataFolder = makeTemporaryFolder();
    const file = path.join(dataFolder, 'hub.sqlite');
    const store = await openTestStore({ dataFolder, databaseUrl: null });
    return { file, store, clock: createTestClock() };
  }

  it.each(['', '-wal'])(
    'that is deleted (hub.sqlite%s) is not proven, and takes no writes, which would be lost',
    async (suffix) => {
      const { file, ...context } = await openFile();
      await proveStore(context);
      rmSync(`${file}${suffix}`);
      const { db } = context.store;
      const writes = [
        db.deleteFrom('sessions').execute(),
        inTransaction(context.store, (transaction) => transaction.deleteFrom('sessions').execute()),
      ];
      const moved = { reason: { code: 'database_moved' } };
      expect(await Promise.allSettled(writes)).toMatchObject([moved, moved]);
      expect(await db.selectFrom('sessions').selectAll().execute()).toEqual([]);
      await expect(proveStore(context)).rejects.toMatchObject({
        code: 'database_moved',
        message: expect.stringContaining(file),
        remedy: expect.stringContaining('backup'),
      });
    },
  );

  it('that was moved away takes writes again once it is put back', async () => {
    const { file, store } = await openFile();
    renameSync(file, `${file}.away`);
    await expect(store.db.deleteFrom('sessions').execute()).rejects.toMatchObject({ code: 'database_moved' });
    renameSync(`${file}.away`, file);
    await store.db.deleteFrom('sessions').execute();
  });

  it('that is put in another’s place is not proven', async () => {
    const { file, ...context } = await openFile();
    copyFileSync(file, `${file}.copy`);
    renameSync(`${file}.copy`, file);
    await expect(proveStore(context)).rejects.toMatchObject({ code: 'database_moved' });
  });

  it('that another process holds is not proven', async () => {
    const dataFolder = makeTemporaryFolder();
    await openTestStore({ dataFolder, databaseUrl: null });
    const store = await openSqlite(dataFolder, async () => undefined);
    onTestFinished(() => store.close());
    const other = new DatabaseSync(path.join(dataFolder, 'hub.sqlite'));
    onTestFinished(() => other.close());
    other.exec('begin immediate');
    await expect(proveStore({ store, clock: createTestClock() })).rejects.toMatchObject({
      errcode: sqliteBusy,
    });
  });

  it('has all that was written in itself when it was closed in order', async () => {
    const { file, store, clock } = await openFile();
    await proveStore({ store, clock });
    const reader = new DatabaseSync(file, { readOnly: true });
    onTestFinished(() => reader.close());
    reader.prepare('select count(*) from write_probes').get();
    await store.close();
    copyFileSync(file, `${file}.copy`);
    const copy = new DatabaseSync(`${file}.copy`);
    onTestFinished(() => copy.close());
    expect(copy.prepare('select written_at from write_probes').get()).toMatchObject({
      written_at: clock.now(),
    });
  });
});
