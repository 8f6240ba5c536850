import {
  chmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { openSqlite } from './open-sqlite.ts';

// Still the real file system, but for what a test lets fail.
vi.mock('node:fs', { spy: true });

const rightsMask = 0o777;

describe('the SQLite file', () => {
  it('is made with its folder, for this user only', async () => {
    const dataFolder = path.join(makeTemporaryFolder(), 'deep', 'data');
    await (await openSqlite(dataFolder)).close();
    expect(statSync(dataFolder).mode & rightsMask).toBe(0o700);
    expect(statSync(path.join(dataFolder, 'hub.sqlite')).mode & rightsMask).toBe(0o600);
  });

  it('is closed to others, and stays open to a group', async () => {
    const dataFolder = makeTemporaryFolder();
    const file = path.join(dataFolder, 'hub.sqlite');
    await (await openSqlite(dataFolder)).close();
    chmodSync(file, 0o664);
    await (await openSqlite(dataFolder)).close();
    expect(statSync(file).mode & rightsMask).toBe(0o660);
  });

  it.each(['EPERM', 'ENOTSUP'])('is used where its rights can’t be changed: %s', async (code) => {
    const dataFolder = makeTemporaryFolder();
    await (await openSqlite(dataFolder)).close();
    chmodSync(path.join(dataFolder, 'hub.sqlite'), 0o666);
    vi.mocked(chmodSync).mockImplementationOnce(() => {
      throw Object.assign(new Error('chmod failed'), { code, syscall: 'chmod' });
    });
    const store = await openSqlite(dataFolder);
    expect(store.engine).toBe('sqlite');
    await store.close();
  });

  it('is written through to the disk at each commit', async () => {
    const dataFolder = makeTemporaryFolder();
    const store = await openTestStore({ dataFolder, databaseUrl: null });
    const database = new DatabaseSync(path.join(dataFolder, 'hub.sqlite'));
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    database.close();
    await store.close();
  });

  it('that is no database is told from one that is missing', async () => {
    const dataFolder = makeTemporaryFolder();
    writeFileSync(path.join(dataFolder, 'hub.sqlite'), 'this is a letter, not a database '.repeat(100));
    await expect(openSqlite(dataFolder)).rejects.toMatchObject({
      code: 'database_damaged',
      message: expect.stringContaining(dataFolder),
      remedy: expect.stringContaining('backup'),
    });
  });

  it('that is cut off is damaged', async () => {
    const dataFolder = makeTemporaryFolder();
    await (await openTestStore({ dataFolder, databaseUrl: null })).close();
    const file = path.join(dataFolder, 'hub.sqlite');
    truncateSync(file, Math.floor(statSync(file).size / 2));
    await expect(openSqlite(dataFolder)).rejects.toMatchObject({ code: 'database_damaged' });
  });

  it('that was overwritten in the middle is damaged', async () => {
    const dataFolder = makeTemporaryFolder();
    await (await openTestStore({ dataFolder, databaseUrl: null })).close();
    const file = path.join(dataFolder, 'hub.sqlite');
    writeSync(openSync(file, 'r+'), Buffer.alloc(4096, 0xee), 0, 4096, 4096);
    await expect(openSqlite(dataFolder)).rejects.toMatchObject({ code: 'database_damaged' });
    expect(readFileSync(file)).toContain(0xee);
  });

  it('can’t be where the folder’s name is a file’s', async () => {
    const dataFolder = path.join(makeTemporaryFolder(), 'data');
    writeFileSync(dataFolder, '');
    await expect(openSqlite(dataFolder)).rejects.toMatchObject({
      code: 'data_folder_unwritable',
      remedy: expect.stringContaining('LATCHKEY_DATA'),
    });
  });

  it('can’t be where its own name is a folder’s', async () => {
    const dataFolder = makeTemporaryFolder();
    mkdirSync(path.join(dataFolder, 'hub.sqlite'));
    await expect(openSqlite(dataFolder)).rejects.toMatchObject({ code: 'data_folder_unwritable' });
  });
});
