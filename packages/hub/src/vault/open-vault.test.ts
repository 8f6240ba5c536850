import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Random } from '../ground/random.ts';
import type { Store } from '../store/store.ts';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { canaryPlace } from './check-canaries.ts';
import type { Vault } from './create-vault.ts';
import { openVault } from './open-vault.ts';
import { proveVault } from './prove-vault.ts';
import { readKeyFile } from './read-key-file.ts';

const random = { bytes: (count: number) => randomBytes(count) };
const clock = createTestClock();
const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const place = 'connections/1/sealed_client_secret';

async function openPlace() {
  const { dataFolder, databaseUrl } = await makeStorePlace('sqlite');
  const store = await openTestStore({ dataFolder, databaseUrl });
  const open = (keys: string | null) =>
    openVault({ config: { dataFolder, keys, wrappingKey: null }, store, random, clock });
  return { store, dataFolder, keyFile: path.join(dataFolder, 'vault.key'), open };
}

describe('the key file', () => {
  it('is made at the first start, for this user only, and used from then on', async () => {
    const { open, keyFile, dataFolder } = await openPlace();
    const sealed = (await open(null)).seal('secret', place);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect((await open(null)).open(sealed, place)).toBe('secret');
    expect(readdirSync(dataFolder).filter((name) => name.startsWith('vault.key'))).toEqual(['vault.key']);
  });

  it('is made once when two processes start at once', async () => {
    const { open } = await openPlace();
    const [one, other] = await Promise.all([open(null), open(null)]);
    expect(other.open(one.seal('secret', place), place)).toBe('secret');
  });

  it('is the one of whoever was first when another start makes it in the middle of this one', async () => {
    const { store, dataFolder, keyFile, open } = await openPlace();
    let firstText = '';
    const whileTheOtherStarts: Random = {
      bytes(count) {
        const bytes = randomBytes(count);
        if (firstText !== '') return bytes;
        // This start has seen that there is no file, and is about to write its own.
        readKeyFile(dataFolder, { mayMake: true, random });
        firstText = readFileSync(keyFile, 'utf8');
        return bytes;
      },
    };
    const second = await openVault({
      config: { dataFolder, keys: null, wrappingKey: null },
      store,
      random: whileTheOtherStarts,
      clock,
    });
    const first: Vault = await open(null);
    expect(firstText).not.toBe('');
    expect(readFileSync(keyFile, 'utf8')).toBe(firstText);
    expect(first.open(second.seal('secret', place), place)).toBe('secret');
    expect(readdirSync(dataFolder).filter((name) => name.startsWith('vault.key'))).toEqual(['vault.key']);
  });

  it('is made in a folder for this user only, where there is none yet', async () => {
    const { store, dataFolder } = await openPlace();
    const folder = path.join(dataFolder, 'deeper', 'still');
    await openVault({ config: { dataFolder: folder, keys: null, wrappingKey: null }, store, random, clock });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, 'vault.key')).mode & 0o777).toBe(0o600);
  });

  it('that can’t be written ends the start, and leaves nothing behind', async () => {
    const { store, dataFolder } = await openPlace();
    const folder = path.join(dataFolder, 'file');
    writeFileSync(folder, '');
    const opening = openVault({
      config: { dataFolder: path.join(folder, 'x'), keys: null, wrappingKey: null },
      store,
      random,
      clock,
    });
    await expect(opening).rejects.toMatchObject({
      code: 'key_file_unusable',
      cause: expect.objectContaining({ code: 'ENOTDIR' }),
    });
    expect(await store.db.selectFrom('vault_canaries').selectAll().execute()).toEqual([]);
  });

  it('that is no file ends the start', async () => {
    const { open, keyFile } = await openPlace();
    mkdirSync(keyFile, { mode: 0o700 });
    await expect(open(null)).rejects.toMatchObject({ code: 'key_file_unusable' });
  });

  it('is not made anew for a database that was sealed with a lost one', async () => {
    const { open, keyFile } = await openPlace();
    await open(null);
    rmSync(keyFile);
    await expect(open(null)).rejects.toMatchObject({
      code: 'keys_missing',
      remedy: expect.stringContaining('backup'),
    });
    expect(statSync(keyFile, { throwIfNoEntry: false })).toBeUndefined();
  });

  it.each([0o644, 0o604, 0o666])('that others may read (mode %o) is refused', async (mode) => {
    const { open, keyFile } = await openPlace();
    await open(null);
    chmodSync(keyFile, mode);
    await expect(open(null)).rejects.toMatchObject({
      code: 'key_file_exposed',
      remedy: expect.stringContaining('chmod o='),
    });
  });

  it('with something else in it is refused, and that is not repeated', async () => {
    const { open, keyFile } = await openPlace();
    writeFileSync(keyFile, 'my old password', { mode: 0o600 });
    await expect(open(null)).rejects.toMatchObject({
      code: 'keys_malformed',
      message: expect.not.stringContaining('password'),
    });
  });

  it('is not made, nor read, when keys are given', async () => {
    const { open, keyFile } = await openPlace();
    await open(key('given'));
    expect(statSync(keyFile, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('goes on as LATCHKEY_KEYS', async () => {
    const { open, keyFile } = await openPlace();
    const sealed = (await open(null)).seal('secret', place);
    const vault = await open(`${key('new')},${readFileSync(keyFile, 'utf8')}`);
    expect(vault.open(sealed, place)).toBe('secret');
  });
});

// Part of what is stored: by another name nothing would open that an earlier version sealed.
it('each canary belongs to the row of its key', () => {
  expect(canaryPlace('a')).toBe('vault_canaries/a/sealed_canary');
});

describe.each(testEngines)('the canary on %s', (engine) => {
  async function openStore() {
    const storePlace = await makeStorePlace(engine);
    return { storePlace, store: await openTestStore(storePlace) };
  }
  const openWith = (store: Store, keys: string) =>
    openVault({ config: { keys, wrappingKey: null, dataFolder: 'unused' }, store, random, clock });

  it('tells other keys of the same name from the right ones', async () => {
    const { store } = await openStore();
    await openWith(store, key('a'));
    await expect(openWith(store, key('a'))).rejects.toMatchObject({ code: 'keys_do_not_fit' });
  });

  it('tells which key the database needs', async () => {
    const { store } = await openStore();
    await openWith(store, key('needed'));
    await expect(openWith(store, key('another'))).rejects.toMatchObject({
      code: 'keys_missing',
      message: expect.stringContaining('"needed"'),
    });
  });

  it('is left for a key that was added, so that the old one may go', async () => {
    const { store } = await openStore();
    const [old, fresh] = [key('old'), key('fresh')];
    await openWith(store, old);
    await openWith(store, `${fresh},${old}`);
    const vault = await openWith(store, fresh);
    await expect(proveVault({ store, vault })).resolves.toBeUndefined();
  });

  it('that was sealed with another key than its row says ends the start', async () => {
    const { store } = await openStore();
    const [one, other] = [key('one'), key('other')];
    await openWith(store, `${one},${other}`);
    const rows = await store.db.selectFrom('vault_canaries').selectAll().orderBy('key_id').execute();
    await store.db
      .updateTable('vault_canaries')
      .set({ sealed_canary: rows[1]?.sealed_canary ?? '' })
      .where('key_id', '=', 'one')
      .execute();
    await expect(openWith(store, `${one},${other}`)).rejects.toMatchObject({ code: 'vault_key_unknown' });
  });

  it('that holds another text, though the right key sealed it, ends the start', async () => {
    const { store } = await openStore();
    const keys = key('a');
    const vault = await openWith(store, keys);
    const sealed = vault.seal('another text', canaryPlace('a'));
    await store.db.updateTable('vault_canaries').set({ sealed_canary: sealed }).execute();
    await expect(openWith(store, keys)).rejects.toMatchObject({ code: 'keys_do_not_fit' });
  });

  it('of a key that another start has left a moment ago does not stand in the way', async () => {
    const { store } = await openStore();
    const keys = key('a');
    const [one, other] = await Promise.all([openWith(store, keys), openWith(store, keys)]);
    expect(other.open(one.seal('secret', place), place)).toBe('secret');
    expect(await store.db.selectFrom('vault_canaries').selectAll().execute()).toHaveLength(1);
  });

  it('of a key that is gone does not hide that another one fits', async () => {
    const { store } = await openStore();
    const [gone, kept] = [key('a-gone'), key('b-kept')];
    await openWith(store, gone);
    await openWith(store, `${gone},${kept}`);
    const vault = await openWith(store, kept);
    await expect(proveVault({ store, vault })).resolves.toBeUndefined();
  });

  it('proves a vault as long as its database is the one it was opened with', async () => {
    const { store } = await openStore();
    const vault = await openWith(store, key('a'));
    await store.db.deleteFrom('vault_canaries').execute();
    await expect(proveVault({ store, vault })).rejects.toMatchObject({ code: 'vault_unreadable' });
    await openWith(store, key('b'));
    await expect(proveVault({ store, vault })).rejects.toMatchObject({ code: 'vault_key_unknown' });
  });
});
