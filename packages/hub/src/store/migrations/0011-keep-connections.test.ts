import { describe, expect, it } from 'vitest';
import { makeStorePlace, openTestStore } from '../../testing/open-test-store.ts';
import { storeConnections, storedConnectionId } from '../../testing/store-connections.ts';
import { testEngines } from '../../testing/test-database.ts';
import { keepConnections } from './0011-keep-connections.ts';

const hour = 3_600_000;
const count = 10_001;
const now = Date.UTC(2026, 10, 2, 9);

describe.each(testEngines)('the connections of an earlier version on %s', (engine) => {
  it('are all looked at within hours, but for the disabled ones, and again is harmless', async () => {
    const store = await openTestStore(await makeStorePlace(engine));
    const { db } = store;
    await storeConnections(store, { count, now });
    await db.deleteFrom('due_work').execute();
    const disabled = storedConnectionId(7);
    await db.updateTable('connections').set({ disabled: 1 }).where('id', '=', disabled).execute();
    await db
      .insertInto('due_work')
      .values({ kind: 'connection', subject_id: storedConnectionId(8), due_at: 1, claimed_until: 0 })
      .execute();
    await keepConnections(db, now);
    await keepConnections(db, now + 1);
    const work = await db.selectFrom('due_work').selectAll().orderBy('due_at').execute();
    expect(work).toHaveLength(count - 1);
    expect(work.map(({ subject_id: id }) => id)).not.toContain(disabled);
    expect(work[0]).toMatchObject({ subject_id: storedConnectionId(8), due_at: 1 });
    expect(work[1]?.due_at).toBeGreaterThanOrEqual(now);
    expect(work.at(-1)?.due_at).toBeLessThan(now + 4 * hour);
    // Made within ten seconds, and yet not due at the same time.
    expect(new Set(work.map(({ due_at: dueAt }) => dueAt)).size).toBeGreaterThan(count / 2);
  });
});
