import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testEngines } from '../testing/test-database.ts';
import { writeUses } from '../tokens/connection-uses.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from './testing/create-connection-hub.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe.each(testEngines)('uses of connections on %s', (engine) => {
  let hub: ConnectionHub;
  let id: string;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
    id = (await makeManualConnection(hub)).id;
    // What comes a second after it was tested comes not from memory.
    hub.clock.advance(1000);
  });
  afterEach(async () => {
    await hub.close();
  });

  const ask = (rest: string) => hub.inject({ method: 'GET', url: `/api/v1/connections/${id}${rest}` });
  async function lastUsedAt(): Promise<number | null | undefined> {
    await writeUses(hub.context);
    const { db } = hub.context.store;
    const row = await db
      .selectFrom('connections')
      .select('last_used_at')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.last_used_at;
  }
  async function dueAt(): Promise<number | undefined> {
    const { db } = hub.context.store;
    const row = await db
      .selectFrom('due_work')
      .select('due_at')
      .where('subject_id', '=', id)
      .executeTakeFirst();
    return row?.due_at;
  }

  it.each(['/token', '/proxy/api/data/v9.2/accounts'])('are noted: %s', async (rest) => {
    expect(await lastUsedAt()).toBeNull();
    await ask(rest);
    expect(await lastUsedAt()).toBe(hub.clock.now());
  });

  it('are none where somebody only looks', async () => {
    await ask('');
    await ask('/token-facts');
    expect(await lastUsedAt()).toBeNull();
  });

  it('are written to a quarter of an hour, so that a busy connection costs few writes', async () => {
    await ask('/token');
    const first = await lastUsedAt();
    hub.clock.advance(15 * minute - 1);
    await ask('/token');
    expect(await lastUsedAt()).toBe(first);
    hub.clock.advance(1001);
    await ask('/token');
    expect(await lastUsedAt()).toBe(hub.clock.now());
  });

  it('make an idle connection one in use at once, and leave alone what one in use is due by', async () => {
    const { db } = hub.context.store;
    await ask('/token');
    await writeUses(hub.context);
    const due = await dueAt();
    expect(due).toBeLessThan(hub.clock.now() + hour);
    const setDue = () => db.updateTable('due_work').set({ due_at: 7 }).where('subject_id', '=', id).execute();
    hub.clock.advance(20 * minute);
    await ask('/token');
    await setDue();
    await writeUses(hub.context);
    expect(await dueAt()).toBe(7);
    hub.clock.advance(day);
    await ask('/token');
    await setDue();
    await writeUses(hub.context);
    expect(await dueAt()).toBeGreaterThan(7);
  });

  it('are kept while the database is away, and written once it is back', async () => {
    await ask('/token');
    const usedAt = hub.clock.now();
    const { store } = hub.context;
    const away: typeof store = {
      ...store,
      get db(): never {
        throw new Error('the database is away');
      },
    };
    await expect(writeUses({ ...hub.context, store: away })).rejects.toThrow('away');
    expect(await lastUsedAt()).toBe(usedAt);
  });

  it('of many are written together, and of one that was deleted meanwhile not at all', async () => {
    for (let index = 0; index < 1200; index += 1) hub.context.uses.set(`unknown-${index}`, hub.clock.now());
    await ask('/token');
    await hub.inject({ method: 'DELETE', url: `/api/v1/connections/${id}` });
    expect(await lastUsedAt()).toBeUndefined();
    expect(hub.context.uses.size).toBe(0);
  });
});
