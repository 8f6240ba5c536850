import { scopes } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { damageRow } from '../testing/damage-row.ts';
import { createApiKey } from './create-api-key.ts';
import { type ApiKeyMemory, createApiKeyMemory } from './verify-api-key.ts';

describe('the memory of API keys', () => {
  let hub: TestHub;
  let memory: ApiKeyMemory;

  beforeEach(async () => {
    hub = await createTestHub();
    memory = createApiKeyMemory(hub.context);
  });
  afterEach(() => hub.close());

  const verify = async (key: string) => memory.verify(key);
  const idOf = async (key: string) => (await verify(key)).apiKeyId;
  const row = (id: string) =>
    hub.context.store.db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const lastUseOf = async (id: string) => {
    await hub.context.background.idle();
    return (await row(id)).last_used_at;
  };
  /** As another process does it, of which this one's memory hears nothing. */
  const revokeElsewhere = () =>
    hub.context.store.db.updateTable('api_keys').set({ revoked_at: hub.clock.now() }).execute();

  it('answers for a second without asking the database, and at once', async () => {
    const { key, row: made } = await createApiKey(hub.context, { name: 'a' });
    expect(memory.verify(key)).toBeInstanceOf(Promise);
    expect(await idOf(key)).toBe(made.id);
    await revokeElsewhere();
    expect(memory.verify(key)).toMatchObject({ apiKeyId: made.id });
    hub.clock.advance(999);
    expect(memory.verify(key)).toMatchObject({ apiKeyId: made.id });
    hub.clock.advance(1);
    await expect(verify(key)).rejects.toMatchObject({ code: 'api_key_revoked' });
  });

  it('asks the database when the clock was set back', async () => {
    const { key } = await createApiKey(hub.context, { name: 'a' });
    await verify(key);
    await revokeElsewhere();
    hub.clock.advance(-1);
    await expect(verify(key)).rejects.toMatchObject({ code: 'api_key_revoked' });
  });

  it('does not remember what was being looked up when a key was forgotten', async () => {
    const { key, row: made } = await createApiKey(hub.context, { name: 'a' });
    const lookedUp = verify(key);
    memory.forget(made.id);
    await lookedUp;
    await revokeElsewhere();
    await expect(verify(key)).rejects.toMatchObject({ code: 'api_key_revoked' });
  });

  it('takes no key for another', async () => {
    const [one, other] = [
      await createApiKey(hub.context, { name: 'a' }),
      await createApiKey(hub.context, { name: 'b' }),
    ];
    expect([await idOf(one.key), await idOf(other.key)]).toEqual([one.row.id, other.row.id]);
    expect([await idOf(other.key), await idOf(one.key)]).toEqual([other.row.id, one.row.id]);
  });

  it('forgets the key that it is told to, and no other', async () => {
    const [one, other] = [
      await createApiKey(hub.context, { name: 'a' }),
      await createApiKey(hub.context, { name: 'b' }),
    ];
    await Promise.all([verify(one.key), verify(other.key)]);
    await revokeElsewhere();
    memory.forget(one.row.id);
    await expect(verify(one.key)).rejects.toMatchObject({ code: 'api_key_revoked' });
    expect(memory.verify(other.key)).toMatchObject({ apiKeyId: other.row.id });
  });

  it('refuses a key from its end on, though it is remembered', async () => {
    const expiresAt = hub.clock.now() + 500;
    const { key } = await createApiKey(hub.context, { name: 'a', expiresAt });
    hub.clock.advance(499);
    await verify(key);
    hub.clock.advance(1);
    expect(() => memory.verify(key)).toThrow(expect.objectContaining({ code: 'api_key_expired' }));
    hub.clock.advance(1000);
    await expect(verify(key)).rejects.toMatchObject({ code: 'api_key_expired' });
  });

  it('reads what a key may do: all, where nothing is stored', async () => {
    const connectionIds = ['one'];
    const [all, some] = [
      await createApiKey(hub.context, { name: 'a' }),
      await createApiKey(hub.context, { name: 'b', scopes: ['connections:proxy'], connectionIds }),
    ];
    expect(await verify(all.key)).toEqual({
      kind: 'api_key',
      apiKeyId: all.row.id,
      scopes: new Set(scopes),
      connectionIds: null,
    });
    expect(await verify(some.key)).toMatchObject({
      scopes: new Set(['connections:proxy-read', 'connections:proxy']),
      connectionIds: new Set(connectionIds),
    });
  });

  it('gives no right for a scope that it does not know', async () => {
    const { key, row: made } = await createApiKey(hub.context, { name: 'a' });
    await damageRow(hub, 'api_keys', { id: made.id }, { scopes: '["hub:read","moon:land"]' });
    expect((await verify(key)).scopes).toEqual(new Set(['hub:read']));
  });

  it.each([{ scopes: 'all' }, { scopes: '{}' }, { connection_ids: '[1]' }])(
    'opens nothing by a key whose limits can’t be read: %j',
    async (values) => {
      const { key, row: made } = await createApiKey(hub.context, { name: 'a' });
      await damageRow(hub, 'api_keys', { id: made.id }, values);
      await expect(verify(key)).rejects.toMatchObject({ code: 'stored_data_damaged' });
    },
  );

  it('notes the first use at once, and of that key only', async () => {
    const [one, other] = [
      await createApiKey(hub.context, { name: 'a' }),
      await createApiKey(hub.context, { name: 'b' }),
    ];
    await verify(one.key);
    expect(await lastUseOf(one.row.id)).toBe(hub.clock.now());
    expect(await lastUseOf(other.row.id)).toBeNull();
  });

  it('notes no second use within a minute, be it from memory or not', async () => {
    const { key, row: made } = await createApiKey(hub.context, { name: 'a' });
    const firstUse = hub.clock.now();
    await verify(key);
    hub.clock.advance(500);
    await verify(key);
    expect(await lastUseOf(made.id)).toBe(firstUse);
    hub.clock.advance(58_000);
    await verify(key);
    expect(await lastUseOf(made.id)).toBe(firstUse);
    hub.clock.advance(1499);
    await verify(key);
    expect(await lastUseOf(made.id)).toBe(firstUse);
  });

  it('lets the key in though its use can’t be noted, and logs that', async () => {
    const { key, row: made } = await createApiKey(hub.context, { name: 'a' });
    vi.spyOn(hub.context.store.db, 'updateTable').mockImplementation(() => {
      throw new Error('The disk is full.');
    });
    expect(await idOf(key)).toBe(made.id);
    expect(await lastUseOf(made.id)).toBeNull();
    const line = hub.logLines.find((text) => text.includes('The disk is full.'));
    expect(line).toContain('note the use of an API key');
  });

  it('notes a use from memory once the minute is over', async () => {
    const { key, row: made } = await createApiKey(hub.context, { name: 'a' });
    await verify(key);
    await lastUseOf(made.id);
    hub.clock.advance(59_500);
    await verify(key);
    hub.clock.advance(500);
    expect(memory.verify(key)).toMatchObject({ apiKeyId: made.id });
    expect(await lastUseOf(made.id)).toBe(hub.clock.now());
  });
});
