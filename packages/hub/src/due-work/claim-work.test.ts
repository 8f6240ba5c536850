import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clockNow } from '../store/database-now.ts';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import {
  claimMilliseconds,
  claimWork,
  finishWork,
  giveBackWork,
  nextDueAt,
  renewClaims,
} from './claim-work.ts';
import { scheduleWork, scheduleWorkBy, unscheduleWork } from './schedule-work.ts';

describe.each(testEngines)('due work on %s', (engine) => {
  const minute = 60_000;
  const kinds = ['test', 'one', 'two'];

  async function openWork() {
    const store = await openTestStore(await makeStorePlace(engine));
    const clock = createTestClock();
    const databaseClock = createTestClock();
    const context = {
      store,
      clock,
      random: { bytes: (count: number) => randomBytes(count) },
      databaseNow: () => clockNow(databaseClock),
    };
    return {
      context,
      clock,
      databaseClock,
      schedule: (subjectId: string, dueIn = 0, kind = 'test') =>
        scheduleWork(store.db, { kind, subjectId, dueAt: clock.now() + dueIn }),
      scheduleBy: (subjectId: string, dueIn: number) =>
        scheduleWorkBy(store.db, { kind: 'test', subjectId, dueAt: clock.now() + dueIn }),
      claim: (limit = 10) => claimWork(context, { kinds, limit }),
    };
  }

  const subjects = (works: readonly { subjectId: string }[]) => works.map(({ subjectId }) => subjectId);

  it('is claimed once, the longest due first, and what is not due yet is not', async () => {
    const { schedule, claim } = await openWork();
    await schedule('later', 1);
    await schedule('b');
    await schedule('a', -minute);
    await schedule('c', -1);
    expect(subjects(await claim(2))).toEqual(['a', 'c']);
    expect(subjects(await claim())).toEqual(['b']);
    expect(await claim()).toEqual([]);
  });

  it('is shared by many who claim at once, each piece by one', async () => {
    const { schedule, claim } = await openWork();
    const all = Array.from({ length: 40 }, (_, index) => `subject-${index}`);
    for (const subject of all) await schedule(subject);
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(5)));
    const rest = [];
    for (let more = await claim(); more.length > 0; more = await claim()) rest.push(...more);
    expect(subjects([...claims.flat(), ...rest]).toSorted()).toEqual(all.toSorted());
  });

  it('is due again when it said so, and never when it said that', async () => {
    const { context, clock, schedule, claim } = await openWork();
    await schedule('again');
    await schedule('never');
    for (const work of await claim())
      await finishWork(context, work, work.subjectId === 'again' ? clock.now() + minute : null);
    expect(await claim()).toEqual([]);
    clock.advance(minute);
    expect(subjects(await claim())).toEqual(['again']);
  });

  it('is taken by another once its claim has ended by the database’s time, and the first can’t finish it', async () => {
    const { context, clock, databaseClock, schedule, claim } = await openWork();
    await schedule('dropped');
    const [lost] = await claim();
    clock.advance(2 * minute);
    expect(await claim()).toEqual([]);
    databaseClock.advance(minute);
    const [held] = await claim();
    if (!lost || !held) throw new Error('Nothing was claimed.');
    await finishWork(context, lost, null);
    await finishWork(context, lost, clock.now() + minute);
    await finishWork(context, held, clock.now());
    expect(subjects(await claim())).toEqual(['dropped']);
  });

  it('that was scheduled anew while it was done is due by that', async () => {
    const { context, clock, schedule, claim } = await openWork();
    await schedule('changed');
    const [work] = await claim();
    await schedule('changed', minute);
    if (!work) throw new Error('Nothing was claimed.');
    await finishWork(context, work, null);
    await finishWork(context, work, clock.now() - minute);
    expect(await claim()).toEqual([]);
    clock.advance(minute);
    expect(subjects(await claim())).toEqual(['changed']);
  });

  it('is gone when it is unscheduled, all kinds of it or one', async () => {
    const { context, schedule, claim } = await openWork();
    await schedule('a', 0, 'one');
    await schedule('a', 0, 'two');
    await schedule('b', 0, 'one');
    await unscheduleWork(context.store.db, { subjectId: 'a', kind: 'one' });
    await unscheduleWork(context.store.db, { subjectId: 'b' });
    expect(await claim()).toMatchObject([{ kind: 'two', subjectId: 'a' }]);
  });

  it('of a kind that this process does not know is left to others', async () => {
    const { context, schedule, claim } = await openWork();
    await schedule('a', -minute, 'of a later version');
    await schedule('b');
    expect(subjects(await claim())).toEqual(['b']);
    expect(await nextDueAt(context, kinds)).toBeNull();
  });

  it('that goes on for long stays claimed by who renews, and what was lost is not taken back', async () => {
    const { context, databaseClock, schedule, claim } = await openWork();
    await schedule('kept');
    await schedule('lost');
    const works = await claim();
    const lost = works.filter(({ subjectId }) => subjectId === 'lost');
    databaseClock.advance(claimMilliseconds - 1);
    await renewClaims(
      context,
      works.filter((work) => !lost.includes(work)),
    );
    databaseClock.advance(1);
    expect(subjects(await claim())).toEqual(['lost']);
    await renewClaims(context, lost);
    await renewClaims(context, []);
    databaseClock.advance(claimMilliseconds);
    expect(subjects(await claim())).toEqual(expect.arrayContaining(['kept', 'lost']));
  });

  it('that is given back is due as before, at once and for anybody; what another holds is not given', async () => {
    const { context, databaseClock, schedule, claim } = await openWork();
    await schedule('a', -minute);
    await schedule('b');
    const works = await claim();
    await giveBackWork(context, works.slice(0, 1));
    await giveBackWork(context, []);
    expect(await claim()).toMatchObject([{ subjectId: 'a', dueAt: works[0]?.dueAt }]);
    databaseClock.advance(minute);
    const held = await claim();
    expect(held).toHaveLength(2);
    await giveBackWork(context, works);
    expect(await claim()).toEqual([]);
  });

  it('tells when the next is due that nobody does', async () => {
    const { context, clock, schedule, claim } = await openWork();
    expect(await nextDueAt(context, kinds)).toBeNull();
    await schedule('later', minute);
    await schedule('now');
    expect(await nextDueAt(context, kinds)).toBe(clock.now());
    await claim();
    expect(await nextDueAt(context, kinds)).toBe(clock.now() + minute);
  });

  it('that has to be looked at by some time is due then, unless it is due before or done just now', async () => {
    const { context, clock, schedule, scheduleBy, claim } = await openWork();
    await scheduleBy('new', 0);
    await schedule('sooner', -minute);
    await scheduleBy('sooner', 0);
    await schedule('later', minute);
    await scheduleBy('later', 0);
    const works = await claim();
    const due = new Map(works.map(({ subjectId, dueAt }) => [subjectId, dueAt - clock.now()]));
    expect(Object.fromEntries(due)).toEqual({ later: 0, new: 0, sooner: -minute });
    for (const { subjectId } of works) await scheduleBy(subjectId, minute);
    expect(await claim()).toEqual([]);
    expect(await nextDueAt(context, kinds)).toBeNull();
  });
});
