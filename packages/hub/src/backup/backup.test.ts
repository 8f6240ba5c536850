import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HubConfig } from '../config/config.ts';
import { parseWrappingKey } from '../config/read-wrapping-key.ts';
import { scheduleWork } from '../due-work/schedule-work.ts';
import { systemClock } from '../ground/clock.ts';
import { systemRandom } from '../ground/random.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { createTestDatabase, type TestEngine, testEngines } from '../testing/test-database.ts';
import { readKeyFile } from '../vault/read-key-file.ts';
import { rewrapKeys } from '../vault/rewrap-keys.ts';
import { serveKms } from '../vault/testing/serve-kms.ts';
import { backUpHub, checkHubBackup, restoreHub } from './back-up-hub.ts';
import { readBackup } from './read-backup.ts';
import { withSnapshot } from './read-snapshot.ts';
import { writeBackup } from './write-backup.ts';

const oddName = 'Zeilen\nTrenner\u2028Umlaut ä 🔑 "quoted"';

async function openHub(engine: TestEngine): Promise<TestHub> {
  const hub = await createTestHub({ engine });
  onTestFinished(() => hub.close());
  return hub;
}

async function connect(hub: TestHub, name: string): Promise<string> {
  const created = await hub.inject({
    method: 'POST',
    url: '/api/v1/connections',
    payload: {
      method: 'manual',
      name,
      environmentUrl: 'http://localhost:9',
      clientId: '11111111-2222-4333-8444-555555555555',
      clientSecret: 'the secret',
      refreshToken: 'the-refresh-token',
    },
  });
  return String(created.json().id);
}

/** Somewhere else: an empty database and a data folder without keys. */
async function elsewhere(engine: TestEngine, { context }: TestHub): Promise<HubConfig> {
  const databaseUrl = engine === 'postgres' ? await createTestDatabase() : null;
  return { ...context.config, dataFolder: makeTemporaryFolder(), databaseUrl };
}

async function openRestored(config: HubConfig): Promise<TestHub> {
  const hub = await createTestHub({ config });
  onTestFinished(() => hub.close());
  return hub;
}

/** With a digest that fits what the text has become. */
const signAnew = (text: string) => {
  const lines = text.trimEnd().split('\n');
  const end = JSON.parse(lines.pop() ?? '');
  const digest = createHash('sha256')
    .update(`${lines.join('\n')}\n`)
    .digest('base64url');
  return [...lines, JSON.stringify({ ...end, digest }), ''].join('\n');
};

const newFile = () => path.join(makeTemporaryFolder(), 'hub.backup');
const pairs = testEngines.flatMap((from) => testEngines.map((to) => [from, to] as const));

describe.each(pairs)('a backup taken from %s and restored into %s', (from, to) => {
  it('has everything: what is listed, secrets under their keys, who may call', async () => {
    const hub = await openHub(from);
    const id = await connect(hub, oddName);
    await scheduleWork(hub.context.store.db, { kind: 'test', subjectId: id, dueAt: 5 });
    const file = newFile();
    const { rows } = await backUpHub(hub.context.config, file, { withKeys: true });
    expect(rows).toMatchObject({ connections: 1, token_sets: 1, api_keys: 1 });
    const config = await elsewhere(to, hub);
    expect(await restoreHub(config, file, { force: false })).toEqual({
      rows,
      wrappedBy: [],
      keyProblem: null,
    });
    const restored = await openRestored(config);
    const list = (at: TestHub) =>
      at.inject({ url: '/api/v1/connections', headers: { authorization: `Bearer ${hub.apiKey}` } });
    expect((await list(restored)).json()).toEqual((await list(hub)).json());
    const read = async ({ context: { store, vault } }: TestHub) => {
      const row = await store.db.selectFrom('token_sets').selectAll().executeTakeFirstOrThrow();
      return vault.open(row.sealed_refresh_token ?? '', `token_sets/${id}/sealed_refresh_token`);
    };
    expect(await read(restored)).toBe('the-refresh-token');
    const work = await restored.context.store.db
      .selectFrom('due_work')
      .selectAll()
      .where('kind', '=', 'test')
      .execute();
    expect(work).toMatchObject([{ subject_id: id, due_at: 5 }]);
  });
});

describe.each(testEngines)('a backup of %s', (engine) => {
  it('is what the database was at one moment, whatever is written meanwhile', async () => {
    const hub = await openHub(engine);
    await connect(hub, 'before');
    const { context } = hub;
    const seen = await withSnapshot({ store: context.store, config: context.config }, async (snapshot) => {
      // Written by others, and kept by nobody from being written.
      await connect(hub, 'after');
      const table = { name: 'connections', columns: ['id', 'name'], key: ['id'] };
      const names = [];
      for await (const [, name] of snapshot.rows(table)) names.push(name);
      return names;
    });
    expect(seen).toEqual(['before']);
  });

  it('is an event of the hub, as a restore is', async () => {
    const hub = await openHub(engine);
    await connect(hub, 'one');
    const file = newFile();
    const { rows } = await backUpHub(hub.context.config, file, { withKeys: true });
    const count = Object.values(rows).reduce((sum, some) => sum + some, 0);
    const read = async (at: TestHub) => {
      const answer = await at.inject({
        url: '/api/v1/events?kind=backup_taken,backup_restored',
        headers: { authorization: `Bearer ${hub.apiKey}` },
      });
      return answer.json<{ items: { kind: string; summary: string; facts: object }[] }>().items;
    };
    expect(await read(hub)).toMatchObject([
      {
        kind: 'backup_taken',
        summary: `A backup was taken, the keys in it: ${count} rows, 1 connections.`,
        facts: { withKeys: true, rows: count },
      },
    ]);
    const config = await elsewhere(engine, hub);
    await restoreHub(config, file, { force: false });
    expect(await read(await openRestored(config))).toMatchObject([
      { kind: 'backup_restored', summary: expect.stringContaining(`${count} rows, 1 connections`) },
    ]);
  });

  it('has each row once where there are more than are read at once', async () => {
    const hub = await openHub(engine);
    const sessions = Array.from({ length: 1_234 }, (_, index) => ({
      session_hash: `s${index}`,
      created_at: 1,
      expires_at: 1,
    }));
    await hub.context.store.db.insertInto('sessions').values(sessions).execute();
    const file = newFile();
    const { rows } = await backUpHub(hub.context.config, file, { withKeys: false });
    expect(rows.sessions).toBe(1_234);
    const hashes: unknown[] = [];
    await readBackup(file, {
      row: ([hash], { table }) => {
        if (table === 'sessions') hashes.push(hash);
      },
    });
    expect(new Set(hashes).size).toBe(1_234);
    const config = await elsewhere(engine, hub);
    expect((await restoreHub(config, file, { force: false })).rows.sessions).toBe(1_234);
  });

  it('is refused by a database that is not empty, which stays as it is, and replaces all of it by force', async () => {
    const hub = await openHub(engine);
    await connect(hub, 'backed up');
    const file = newFile();
    await backUpHub(hub.context.config, file, { withKeys: true });
    await connect(hub, 'newer');
    await expect(restoreHub(hub.context.config, file, { force: false })).rejects.toMatchObject({
      code: 'database_not_empty',
      remedy: expect.stringContaining('--force'),
    });
    const names = async () =>
      (await hub.inject({ url: '/api/v1/connections' }))
        .json()
        .items.map(({ name }: { name: string }) => name);
    expect((await names()).toSorted()).toEqual(['backed up', 'newer']);
    await restoreHub(hub.context.config, file, { force: true });
    expect(await names()).toEqual(['backed up']);
  });

  it('goes into a database in which a hub was merely started', async () => {
    const hub = await openHub(engine);
    const file = newFile();
    await backUpHub(hub.context.config, file, { withKeys: true });
    const config = await elsewhere(engine, hub);
    const started = await createTestHub({ config });
    await started.context.store.db.deleteFrom('api_keys').execute();
    await started.app.inject({ url: '/readyz' });
    await started.close();
    expect((await restoreHub(config, file, { force: false })).keyProblem).toBeNull();
  });

  it('that breaks off changes nothing', async () => {
    const hub = await openHub(engine);
    await connect(hub, 'kept');
    const file = newFile();
    await backUpHub(hub.context.config, file, { withKeys: false });
    const lines = gunzipSync(readFileSync(file)).toString().split('\n');
    writeFileSync(file, gzipSync(lines.slice(0, -3).join('\n')));
    await expect(restoreHub(hub.context.config, file, { force: true })).rejects.toMatchObject({
      code: 'backup_unreadable',
    });
    expect((await hub.inject({ url: '/api/v1/connections' })).json().items).toHaveLength(1);
  });
});

describe('a backup file', () => {
  async function take(withKeys = false) {
    const hub = await openHub('sqlite');
    const id = await connect(hub, 'Contoso');
    const file = newFile();
    await backUpHub(hub.context.config, file, { withKeys });
    const change = (edit: (text: string) => string) => {
      writeFileSync(file, gzipSync(edit(gunzipSync(readFileSync(file)).toString())));
    };
    return { hub, id, file, change, text: () => gunzipSync(readFileSync(file)).toString() };
  }

  it('is for this user only, has no key and no secret in clear, and leaves nothing beside it', async () => {
    const { file, text, hub } = await take();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(file))).toEqual(['hub.backup']);
    const keyFile = readFileSync(path.join(hub.context.config.dataFolder, 'vault.key'), 'utf8').trim();
    for (const secret of [
      'the secret',
      'the-refresh-token',
      'the-access-token',
      keyFile.split(':')[1] ?? '',
    ]) {
      expect(text()).not.toContain(secret);
    }
    expect((await take(true)).text()).toMatch(/^\{.*"keys":\["[\da-f]{8}:/);
  });

  it('is not put in place of one that is there', async () => {
    const { hub, file } = await take();
    const before = readFileSync(file);
    await expect(backUpHub(hub.context.config, file, { withKeys: false })).rejects.toMatchObject({
      code: 'backup_unwritable',
      message: expect.stringContaining('EEXIST'),
    });
    expect(readFileSync(file)).toEqual(before);
  });

  it('that can’t be finished does not stay', async () => {
    const hub = await openHub('sqlite');
    const file = newFile();
    const { context } = hub;
    await context.store.db.schema.dropTable('sessions').execute();
    const writing = writeBackup(
      { ...context, clock: systemClock, random: systemRandom, keys: null, wrappedBy: [] },
      file,
    );
    await expect(writing).rejects.toThrow('no such table');
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  it('is found whole, and opened by the keys that are here', async () => {
    const { hub, file } = await take();
    expect(await checkHubBackup(hub.context.config, file)).toMatchObject({
      rows: { connections: 1 },
      sealed: { opened: 2, unopenedCount: 0 },
    });
  });

  it('is found whole, and not opened by others; then a restore says which key is missing', async () => {
    const { hub, file, id } = await take();
    const config = await elsewhere('sqlite', hub);
    const { sealed } = await checkHubBackup(config, file);
    expect(sealed).toMatchObject({ opened: 0, unopenedCount: 2 });
    expect(sealed.unopened).toContain(`connections/${id}/sealed_client_secret`);
    const { keyProblem } = await restoreHub(config, file, { force: false });
    expect(keyProblem).toMatchObject({ code: 'keys_missing' });
    expect(existsSync(path.join(config.dataFolder, 'vault.key'))).toBe(false);
  });

  it('with keys leaves those that are here to seal', async () => {
    const { hub, file } = await take(true);
    const config = await elsewhere('sqlite', hub);
    const own = `own:${randomBytes(32).toString('base64')}`;
    writeFileSync(path.join(config.dataFolder, 'vault.key'), own, { mode: 0o600 });
    expect((await restoreHub(config, file, { force: false })).keyProblem).toBeNull();
    const lines = readFileSync(path.join(config.dataFolder, 'vault.key'), 'utf8').trim().split('\n');
    expect(lines[0]).toBe(own);
    expect(lines).toHaveLength(2);
  });

  it('of a newer version is refused before anything changes', async () => {
    const { hub, file, change } = await take();
    change((text) => {
      const lines = text.split('\n');
      lines[0] = (lines[0] ?? '').replace('0001-create-first-tables', '9999-of-tomorrow');
      return lines.join('\n');
    });
    await expect(restoreHub(hub.context.config, file, { force: true })).rejects.toMatchObject({
      code: 'backup_unreadable',
    });
  });

  it.each<[string, string, (text: string) => string]>([
    ['is changed', 'its digest is another', (text) => text.replace('Contoso', 'Fabrikam')],
    ['has lost a row', 'its digest is another', (text) => text.replace(/\n\["[^\n]*/, '')],
    [
      'has lost a row before it was signed',
      'rows are missing',
      (text) => signAnew(text.replace(/\n\["[^\n]*/, '')),
    ],
    ['has lost its end', 'it ends in the middle', (text) => text.replace(/\n\{"rows".*\n$/s, '\n')],
    ['has lost its last line break', 'it ends in the middle of a line', (text) => text.trimEnd()],
    ['has something behind its end', 'something stands behind its end', (text) => `${text}[]\n`],
    [
      'has its end twice',
      'something stands behind its end',
      (text) => `${text}${text.slice(text.lastIndexOf('{"rows"'))}`,
    ],
    ['is something else', 'it does not begin as a backup', () => 'a letter\n'],
    ['is empty', 'it ends in the middle', () => ''],
    ['has a row before its table', 'a row does not fit its table', (text) => text.replace(/\n/, '\n["a"]\n')],
    [
      'has a row that is too long',
      'a row does not fit its table',
      (text) => signAnew(text.replace(/\n\["/, '\n["one more","')),
    ],
    ['has a line that is no JSON', 'a line is damaged', (text) => text.replace(/\n/, '\n{oops\n')],
  ])('that %s is no whole backup: %s', async (_what, reason, edit) => {
    const { file, change } = await take();
    change(edit);
    await expect(readBackup(file, {})).rejects.toMatchObject({
      code: 'backup_unreadable',
      message: expect.stringContaining(`(${reason})`),
    });
  });

  it('of a hub that was never started is one, too', async () => {
    const file = newFile();
    const hub = await openHub('sqlite');
    const { rows, wrappedBy } = await backUpHub(await elsewhere('sqlite', hub), file, { withKeys: false });
    expect([rows.connections, wrappedBy]).toEqual([0, []]);
    expect((await checkHubBackup(hub.context.config, file)).rows).toEqual(rows);
  });

  it('with keys leaves the key file alone, where LATCHKEY_KEYS gives them', async () => {
    const { hub, file } = await take(true);
    const keys = `own:${randomBytes(32).toString('base64')}`;
    const config = { ...(await elsewhere('sqlite', hub)), keys };
    // Nobody would read the file.
    const { keyProblem } = await restoreHub(config, file, { force: false });
    expect(keyProblem).toMatchObject({ code: 'keys_missing' });
    expect(existsSync(path.join(config.dataFolder, 'vault.key'))).toBe(false);
  });

  it('is not opened by other keys, and not all of what they don’t open is named', async () => {
    const { hub } = await take();
    for (let count = 0; count < 10; count += 1) await connect(hub, `Connection ${count}`);
    const file = newFile();
    await backUpHub(hub.context.config, file, { withKeys: false });
    const keys = `other:${randomBytes(32).toString('base64')}`;
    const { sealed } = await checkHubBackup({ ...hub.context.config, keys }, file);
    expect([sealed.opened, sealed.unopenedCount, sealed.unopened.length]).toEqual([0, 22, 20]);
  });

  it.each<[string, (file: string) => void]>([
    ['is cut off', (file) => writeFileSync(file, readFileSync(file).subarray(0, -20))],
    ['is not compressed', (file) => writeFileSync(file, gunzipSync(readFileSync(file)))],
  ])('that %s is no whole backup', async (_what, damage) => {
    const { file } = await take();
    damage(file);
    await expect(readBackup(file, {})).rejects.toMatchObject({ code: 'backup_unreadable' });
  });

  it('that is not there is told by its name', async () => {
    await expect(readBackup('/nowhere/hub.backup', {})).rejects.toThrow('/nowhere/hub.backup (ENOENT)');
  });
});

describe('a backup of a hub whose keys are wrapped', () => {
  async function openWrapping() {
    const kms = await serveKms();
    onTestFinished(() => kms.close());
    for (const [name, value] of Object.entries(kms.environment)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const hub = await openHub('sqlite');
    await connect(hub, 'one');
    const config = { ...hub.context.config, wrappingKey: parseWrappingKey(kms.keyArn) };
    await rewrapKeys(config, { to: 'wrapped', from: null });
    kms.requests.length = 0;
    return { kms, hub, config, file: newFile() };
  }

  it('asks nobody, has none of the keys, and says what is needed elsewhere', async () => {
    const { kms, hub, config, file } = await openWrapping();
    expect(await backUpHub(config, file, { withKeys: false })).toMatchObject({ wrappedBy: [kms.keyArn] });
    expect(kms.requests).toEqual([]);
    const [key] = hub.context.vault.keyring.all();
    expect(gunzipSync(readFileSync(file)).toString()).not.toContain(key?.secret.toString('base64'));
    const nowhere = await elsewhere('sqlite', hub);
    const restoration = await restoreHub({ ...nowhere, wrappingKey: null }, file, { force: false });
    expect(restoration).toMatchObject({ wrappedBy: [kms.keyArn], keyProblem: { code: 'keys_missing' } });
    // The key file, and the wrapping key.
    cpSync(path.join(config.dataFolder, 'vault.key'), path.join(nowhere.dataFolder, 'vault.key'));
    const wrapping = { ...nowhere, wrappingKey: config.wrappingKey };
    expect(await restoreHub(wrapping, file, { force: true })).toMatchObject({ keyProblem: null });
    expect((await checkHubBackup(wrapping, file)).sealed).toMatchObject({ opened: 2, unopenedCount: 0 });
  });

  it('with its keys brings them elsewhere, where they are wrapped again', async () => {
    const { kms, hub, config, file } = await openWrapping();
    await backUpHub(config, file, { withKeys: true });
    const nowhere = { ...(await elsewhere('sqlite', hub)), wrappingKey: config.wrappingKey };
    expect(await restoreHub(nowhere, file, { force: false })).toMatchObject({ keyProblem: null });
    expect(readKeyFile(nowhere.dataFolder)).toEqual([
      { id: hub.context.vault.keyring.sealing().id, wrappedBy: kms.keyArn, wrapped: expect.any(Buffer) },
    ]);
    expect(statSync(path.join(nowhere.dataFolder, 'vault.key')).mode & 0o777).toBe(0o600);
    expect((await openRestored(nowhere)).context.vault.keyring.all()).toEqual(
      hub.context.vault.keyring.all(),
    );
  });

  it('is restored though the service is away: what is missing is told, and done by the next try', async () => {
    const { kms, hub, config, file } = await openWrapping();
    await backUpHub(config, file, { withKeys: true });
    const nowhere = { ...(await elsewhere('sqlite', hub)), wrappingKey: config.wrappingKey };
    kms.refusals.push({ type: 'AccessDeniedException', message: 'no' });
    expect(await restoreHub(nowhere, file, { force: false })).toMatchObject({
      rows: { connections: 1 },
      keyProblem: { code: 'wrapping_key_forbidden' },
    });
    expect(existsSync(path.join(nowhere.dataFolder, 'vault.key'))).toBe(false);
    expect(await restoreHub(nowhere, file, { force: true })).toMatchObject({ keyProblem: null });
  });

  it('of an older version, which says nothing of wrapping, is read', async () => {
    const { config, file } = await openWrapping();
    await backUpHub(config, file, { withKeys: false });
    const text = gunzipSync(readFileSync(file)).toString();
    writeFileSync(file, gzipSync(signAnew(text.replace(/"wrappedBy":\[[^\]]*\],/, ''))));
    expect(gunzipSync(readFileSync(file)).toString()).not.toContain('wrappedBy');
    expect((await checkHubBackup(config, file)).head.wrappedBy).toEqual([]);
  });
});
