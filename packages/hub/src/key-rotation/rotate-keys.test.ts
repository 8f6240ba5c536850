import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { claimWork } from '../due-work/claim-work.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { testEngines } from '../testing/test-database.ts';
import { createVault } from '../vault/create-vault.ts';
import { isWrapped } from '../vault/kept-key.ts';
import { openKeySource } from '../vault/key-source.ts';
import { openVault } from '../vault/open-vault.ts';
import { readKeyFile } from '../vault/read-key-file.ts';
import { sealedPlace, sealedTables } from '../vault/sealed-columns.ts';
import { away, createMemoryWrapper } from '../vault/testing/memory-wrapper.ts';
import { formatVaultKey } from '../vault/vault-key.ts';
import { countSealed } from './count-sealed.ts';
import type { KeyContext } from './key-context.ts';
import { listKeys } from './list-keys.ts';
import { createResealHandler, resealKind } from './reseal-table.ts';
import { retireKey } from './retire-key.ts';
import { addKey, finishResealing, rotateKeys } from './rotate-keys.ts';

const never = new AbortController().signal;

describe.each(testEngines)('keys on %s', (engine) => {
  async function openHub(keys: string | null = null) {
    const hub = await createTestHub({ engine, config: { keys } });
    onTestFinished(() => hub.close());
    const { context } = hub;
    const source = await openKeySource({ ...context, mayMake: false });
    const keyContext: KeyContext = { ...context, source };
    return { hub, keyContext, context, oldKey: source.keyring.sealing().id };
  }

  async function connect(hub: TestHub, index: number): Promise<string> {
    const created = await hub.inject({
      method: 'POST',
      url: '/api/v1/connections',
      payload: {
        method: 'manual',
        name: `Connection ${index}`,
        environmentUrl: 'http://localhost:9',
        clientId: '11111111-2222-4333-8444-555555555555',
        clientSecret: `secret ${index}`,
        refreshToken: `refresh ${index}`,
      },
    });
    return String(created.json().id);
  }

  const openSecret = async ({ context }: TestHub, id: string) => {
    const row = await context.store.db
      .selectFrom('connections')
      .select('sealed_client_secret')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return context.vault.open(
      row.sealed_client_secret ?? '',
      sealedPlace('connections', id, 'sealed_client_secret'),
    );
  };

  it('are rotated: all is sealed anew by the hub’s work, and then the old key can go', async () => {
    const { hub, keyContext, context, oldKey } = await openHub();
    const ids = [];
    for (let index = 0; index < 120; index += 1) ids.push(await connect(hub, index));
    const newKey = await rotateKeys(keyContext, null);
    await expect(retireKey(keyContext, oldKey)).rejects.toMatchObject({
      code: 'key_in_use',
      message: expect.stringContaining('240 stored values need'),
    });
    expect(await claimWork(context, { kinds: [resealKind], limit: 10 })).toEqual([]);
    hub.clock.advance(5_000);
    const handler = createResealHandler(context);
    for (const { subjectId } of await claimWork(context, { kinds: [resealKind], limit: 10 })) {
      expect(await handler.run(subjectId, never)).toBeNull();
    }
    const { byKey, others } = await countSealed(context.store.db, [oldKey, newKey]);
    expect([byKey.get(oldKey), byKey.get(newKey), others]).toEqual([0, 240, 0]);
    expect(await retireKey(keyContext, oldKey)).toEqual({ damaged: [] });
    expect(keyContext.source.keyring.find(oldKey)).toBeUndefined();
    expect(await openSecret(hub, ids[7] ?? '')).toBe('secret 7');
    const events = await context.store.db
      .selectFrom('events')
      .select(['kind', 'facts'])
      .where('kind', '=', 'keys_rotated')
      .execute();
    expect(events.map(({ facts }) => JSON.parse(facts))).toEqual([
      { keyId: newKey, resealed: 240, unreadable: 0 },
    ]);
  });

  it('are listed with what each has sealed', async () => {
    const { hub, keyContext, oldKey } = await openHub();
    await connect(hub, 1);
    const { id } = await addKey(keyContext);
    const newKey = await rotateKeys(keyContext, null);
    const { keys, resealings } = await listKeys(keyContext);
    expect(keys).toEqual([
      { id: newKey, role: 'seals', values: 0, wrappedBy: null },
      { id: oldKey, role: 'opens', values: 2, wrappedBy: null },
      { id, role: 'opens', values: 0, wrappedBy: null },
    ]);
    expect(resealings.map(({ table_name, finished_at }) => [table_name, finished_at])).toEqual(
      sealedTables.toSorted().map((table) => [table, null]),
    );
  });

  it('that are rotated go on where a killed process stopped', async () => {
    const { hub, keyContext, context } = await openHub();
    for (let index = 0; index < 60; index += 1) await connect(hub, index);
    await rotateKeys(keyContext, null);
    const killed = new AbortController();
    const opened: string[] = [];
    const vault = {
      ...context.vault,
      reseal(sealed: string, place: string, keyId: string) {
        opened.push(place);
        killed.abort();
        return context.vault.reseal(sealed, place, keyId);
      },
    };
    const handler = createResealHandler({ ...context, vault });
    expect(await handler.run('connections', killed.signal)).toBe(hub.clock.now());
    expect(opened).toHaveLength(50);
    await handler.run('connections', never);
    expect(new Set(opened).size).toBe(60);
    expect(opened).toHaveLength(60);
  });

  it('that are rotated lose nothing that is written meanwhile', async () => {
    const { hub, keyContext, context } = await openHub();
    const id = await connect(hub, 1);
    await rotateKeys(keyContext, null);
    const place = sealedPlace('connections', id, 'sealed_client_secret');
    const vault = {
      ...context.vault,
      reseal(sealed: string, sealedFor: string, keyId: string) {
        const replacement = context.vault.reseal(sealed, sealedFor, keyId);
        return sealedFor === place ? replacement : null;
      },
    };
    // Between the reading of the page and its writing.
    const store = {
      ...context.store,
      db: context.store.db.withPlugin({
        transformQuery: ({ node }) => node,
        async transformResult({ result }) {
          if (result.rows.some((row) => 'row_key' in row)) {
            const sealed = context.vault.seal('changed meanwhile', place);
            await context.store.db
              .updateTable('connections')
              .set({ sealed_client_secret: sealed })
              .where('id', '=', id)
              .execute();
          }
          return result;
        },
      }),
    };
    await createResealHandler({ ...context, store, vault }).run('connections', never);
    expect(await openSecret(hub, id)).toBe('changed meanwhile');
  });

  it('that are rotated pass over a value that can’t be opened, tell of it, and let its key go', async () => {
    const { hub, keyContext, context, oldKey } = await openHub();
    const damaged = await connect(hub, 1);
    const good = await connect(hub, 2);
    const sealed = `v1.${oldKey}.${randomBytes(40).toString('base64url')}`;
    await context.store.db
      .updateTable('connections')
      .set({ sealed_client_secret: sealed })
      .where('id', '=', damaged)
      .execute();
    await rotateKeys(keyContext, null);
    await finishResealing(keyContext, never);
    const place = sealedPlace('connections', damaged, 'sealed_client_secret');
    expect(hub.logLines.filter((line) => line.includes(place)).join('')).toContain('vault_unreadable');
    expect(await openSecret(hub, good)).toBe('secret 2');
    const { resealings } = await listKeys(keyContext);
    const counts = resealings.map(({ table_name, resealed, unreadable }) => [
      table_name,
      resealed,
      unreadable,
    ]);
    expect(counts.filter(([_table, resealed]) => resealed !== 0)).toEqual([
      ['connections', 1, 1],
      ['token_sets', 2, 0],
    ]);
    expect(await retireKey(keyContext, oldKey)).toEqual({ damaged: [place] });
    expect((await hub.inject({ url: '/api/v1/connections' })).json().items).toHaveLength(2);
  });

  it('that are rotated are told once, though two processes come to the end at once', async () => {
    const { keyContext, context } = await openHub();
    await rotateKeys(keyContext, null);
    const handler = createResealHandler(context);
    for (const table of sealedTables.slice(1)) await handler.run(table, never);
    const [last = 'connections'] = sealedTables;
    let pages: unknown[] = [];
    // Another process ends the work between this one's reading of the last page, which is empty, and its writing.
    const store = {
      ...context.store,
      db: context.store.db.withPlugin({
        transformQuery({ node, queryId }) {
          if (JSON.stringify(node).includes('row_key')) pages.push(queryId);
          return node;
        },
        async transformResult({ result, queryId }) {
          if (pages.includes(queryId)) {
            pages = [];
            await handler.run(last, never);
          }
          return result;
        },
      }),
    };
    expect(await createResealHandler({ ...context, store }).run(last, never)).toBeNull();
    const events = context.store.db.selectFrom('events').select('id').where('kind', '=', 'keys_rotated');
    expect(await events.execute()).toHaveLength(1);
  });

  it('that are rotated by a command that is stopped are left to the hubs', async () => {
    const { hub, keyContext } = await openHub();
    await connect(hub, 1);
    await rotateKeys(keyContext, null);
    const stopped = new AbortController();
    stopped.abort();
    await finishResealing(keyContext, stopped.signal);
    const { resealings } = await listKeys(keyContext);
    expect(resealings.filter(({ finished_at }) => finished_at !== null)).toEqual([]);
  });

  it('that a process was not given leave the work to the others', async () => {
    const { hub, keyContext, context } = await openHub();
    await connect(hub, 1);
    const oldEntry = formatVaultKey(keyContext.source.keyring.sealing());
    await rotateKeys(keyContext, null);
    const stranger = await openVault({
      ...context,
      config: { keys: oldEntry, wrappingKey: null, dataFolder: 'unused' },
    });
    const handler = createResealHandler({ ...context, vault: stranger });
    expect(await handler.run('connections', never)).toBe(hub.clock.now() + 60_000);
    const { resealings } = await listKeys(keyContext);
    expect(resealings.filter(({ resealed }) => resealed > 0)).toEqual([]);
  });

  it('that seal, are unknown, or are kept elsewhere are refused', async () => {
    const { keyContext, oldKey } = await openHub();
    await expect(retireKey(keyContext, oldKey)).rejects.toMatchObject({ code: 'key_in_use' });
    await expect(retireKey(keyContext, 'nobody')).rejects.toMatchObject({
      code: 'key_unknown',
      message: expect.stringContaining('"nobody"'),
    });
    await expect(rotateKeys(keyContext, 'nobody')).rejects.toMatchObject({ code: 'key_unknown' });
    const text = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
    const elsewhere = await openHub(`${text('second')},${text('first')}`);
    await expect(rotateKeys(elsewhere.keyContext, 'first')).rejects.toMatchObject({
      code: 'keys_kept_elsewhere',
    });
    expect(await rotateKeys(elsewhere.keyContext, null)).toBe('second');
    await finishResealing(elsewhere.keyContext, never);
    expect(await retireKey(elsewhere.keyContext, 'first')).toEqual({ damaged: [] });
    const { keys } = await listKeys(elsewhere.keyContext);
    expect(keys.map(({ id, role }) => [id, role])).toEqual([
      ['second', 'seals'],
      ['first', 'opens'],
    ]);
  });

  it('that were lost keep the values that need them from being given up', async () => {
    const { hub, keyContext, oldKey } = await openHub();
    await connect(hub, 1);
    const newKey = await rotateKeys(keyContext, null);
    await keyContext.source.write?.(keyContext.source.keyring.all().filter(({ id }) => id === newKey));
    hub.clock.advance(1_000);
    await keyContext.vault.keyring.refresh();
    await expect(retireKey(keyContext, oldKey)).rejects.toMatchObject({
      message: expect.stringContaining('2 stored values need'),
    });
    expect((await listKeys(keyContext)).keys).toContainEqual({
      id: oldKey,
      role: 'missing',
      values: 2,
      wrappedBy: null,
    });
  });

  async function openWrapping() {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    const { context } = hub;
    const wrapper = createMemoryWrapper();
    const source = await openKeySource({ ...context, mayMake: false, wrapper });
    const file = () =>
      readKeyFile(context.config.dataFolder).map((kept) => `${kept.id}${isWrapped(kept) ? ' wrapped' : ''}`);
    const slept: { milliseconds: number; file: string[] }[] = [];
    const keyContext: KeyContext = {
      ...context,
      source,
      vault: createVault(source.keyring, context.random),
      sleep: async (milliseconds) => void slept.push({ milliseconds, file: file() }),
    };
    return { hub, keyContext, wrapper, file, slept, oldKey: source.keyring.sealing().id };
  }

  it('that are wrapped open everywhere before they seal anywhere', async () => {
    const { keyContext, file, slept, oldKey } = await openWrapping();
    const first = await rotateKeys(keyContext, null);
    expect(slept).toEqual([{ milliseconds: 10_000, file: [oldKey, `${first} wrapped`] }]);
    expect(file()).toEqual([`${first} wrapped`, oldKey]);
    const { id: second } = await addKey(keyContext);
    await rotateKeys(keyContext, second);
    expect(slept[1]).toEqual({
      milliseconds: 10_000,
      file: [`${first} wrapped`, oldKey, `${second} wrapped`],
    });
    expect(file()).toEqual([`${second} wrapped`, `${first} wrapped`, oldKey]);
  });

  it('that are wrapped are listed with by what, and go without asking anybody', async () => {
    const { hub, keyContext, wrapper, oldKey, file } = await openWrapping();
    await connect(hub, 1);
    const newKey = await rotateKeys(keyContext, null);
    await finishResealing(keyContext, never);
    const wrappedBy = expect.stringMatching(
      /^https:\/\/contoso\.vault\.azure\.net\/keys\/latchkey\/[\da-f]{32}$/,
    );
    expect((await listKeys(keyContext)).keys).toEqual([
      { id: newKey, role: 'seals', values: 2, wrappedBy },
      { id: oldKey, role: 'opens', values: 0, wrappedBy: null },
    ]);
    wrapper.failure = away();
    await retireKey(keyContext, oldKey);
    expect(file()).toEqual([`${newKey} wrapped`]);
  });

  it('that can’t be wrapped are not rotated: nothing has changed, and the next try does it', async () => {
    const { keyContext, wrapper, oldKey, file } = await openWrapping();
    wrapper.failure = away();
    await expect(rotateKeys(keyContext, null)).rejects.toMatchObject({
      code: 'wrapping_service_unavailable',
    });
    expect(file()).toEqual([oldKey]);
    wrapper.failure = null;
    const newKey = await rotateKeys(keyContext, null);
    expect(file()).toEqual([`${newKey} wrapped`, oldKey]);
  });
});
