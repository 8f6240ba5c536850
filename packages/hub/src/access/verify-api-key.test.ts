import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
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
    const { key, row: made } = await createApiKey(hub.context, 'a');
    expect(memory.verify(key)).toBeInstanceOf(Promise);
    expect(await verify(key)).toBe(made.id);
    await revokeElsewhere();
    expect(memory.verify(key)).toBe(made.id);
    hub.clock.advance(999);
    expect(memory.verify(key)).toBe(made.id);
    hub.clock.advance(1);
    await expect(verify(key)).rejects.toMatchObject({ code: 'api_key_revoked' });
  });

  it('asks the database when the clock was set back', async () => {
    const { key } = await createApiKey(hub.context, 'a');
    await verify(key);
    await revokeElsewhere();
    hub.clock.advance(-1);
    await expect(verify(key)).rejects.toMatchObject({ code: 'api_key_revoked' });
  });

  it('does not remember what was being looked up when a key was forgotten', async () => {
    const { key, row: made } = await createApiKey(hub.context, 'a');
    const lookedUp = verify(key);
    memory.forget(made.id);
    await lookedUp;
    await revokeElsewhere();
    await expect(verify(key)).rejects.toMatchObject({ code: 'api_key_revoked' });
  });

  it('takes no key for another', async () => {
    const [one, other] = [await createApiKey(hub.context, 'a'), await createApiKey(hub.context, 'b')];
    expect([await verify(one.key), await verify(other.key)]).toEqual([one.row.id, other.row.id]);
    expect([await verify(other.key), await verify(one.key)]).toEqual([other.row.id, one.row.id]);
  });

  it('forgets the key that it is told to, and no other', async () => {
    const [one, other] = [await createApiKey(hub.context, 'a'), await createApiKey(hub.context, 'b')];
    await Promise.all([verify(one.key), verify(other.key)]);
    await revokeElsewhere();
    memory.forget(one.row.id);
    await expect(verify(one.key)).rejects.toMatchObject({ code: 'api_key_revoked' });
    expect(memory.verify(other.key)).toBe(other.row.id);
  });

  it('notes the first use at once, and of that key only', async () => {
    const [one, other] = [await createApiKey(hub.context, 'a'), await createApiKey(hub.context, 'b')];
    await verify(one.key);
    expect(await lastUseOf(one.row.id)).toBe(hub.clock.now());
    expect(await lastUseOf(other.row.id)).toBeNull();
  });

  it('notes no second use within a minute, be it from memory or not', async () => {
    const { key, row: made } = await createApiKey(hub.context, 'a');
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
    const { key, row: made } = await createApiKey(hub.context, 'a');
    vi.spyOn(hub.context.store.db, 'updateTable').mockImplementation(() => {
      throw new Error('The disk is full.');
    });
    expect(await verify(key)).toBe(made.id);
    expect(await lastUseOf(made.id)).toBeNull();
    const line = hub.logLines.find((text) => text.includes('The disk is full.'));
    expect(line).toContain('note the use of an API key');
  });

  it('notes a use from memory once the minute is over', async () => {
    const { key, row: made } = await createApiKey(hub.context, 'a');
    await verify(key);
    await lastUseOf(made.id);
    hub.clock.advance(59_500);
    await verify(key);
    hub.clock.advance(500);
    expect(memory.verify(key)).toBe(made.id);
    expect(await lastUseOf(made.id)).toBe(hub.clock.now());
  });
});
