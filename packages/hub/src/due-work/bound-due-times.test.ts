import { describe, expect, it } from 'vitest';
import { clockNow } from '../store/database-now.ts';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { boundDueTimes } from './bound-due-times.ts';
import { scheduleWork } from './schedule-work.ts';

const day = 24 * 3_600_000;
const longestPause = 31 * day;

describe.each(testEngines)('work that is due further ahead than any can be, on %s', (engine) => {
  async function open() {
    const store = await openTestStore(await makeStorePlace(engine));
    const [clock, databaseClock] = [createTestClock(), createTestClock()];
    return {
      clock,
      databaseClock,
      schedule: (subjectId: string, dueIn: number) =>
        scheduleWork(store.db, { kind: 'test', subjectId, dueAt: clock.now() + dueIn }),
      bound: () => boundDueTimes({ store, clock, databaseNow: () => clockNow(databaseClock) }, longestPause),
      due: async () => {
        const rows = await store.db.selectFrom('due_work').select(['subject_id', 'due_at']).execute();
        return Object.fromEntries(rows.map((row) => [row.subject_id, row.due_at - clock.now()]));
      },
    };
  }

  it('is due now, and all other work as it was', async () => {
    const { schedule, bound, due } = await open();
    await schedule('a year ahead', 365 * day);
    await schedule('as far as it can be', longestPause);
    await schedule('overdue', -day);
    expect(await bound()).toBe(1);
    expect(await due()).toEqual({ 'a year ahead': 0, 'as far as it can be': longestPause, overdue: -day });
  });

  it('is all found, however much it is', async () => {
    const { schedule, bound, due } = await open();
    for (let index = 0; index < 1001; index += 1) await schedule(`subject ${index}`, 365 * day);
    expect(await bound()).toBe(1001);
    expect(new Set(Object.values(await due()))).toEqual(new Set([0]));
  });

  it('is left alone by a hub whose own clock is behind the database’s', async () => {
    const { clock, schedule, bound } = await open();
    await schedule('tomorrow', day);
    clock.advance(-365 * day);
    expect(await bound()).toBe(0);
  });
});
