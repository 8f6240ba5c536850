import type { HubEvent, Keeper, Page } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubVersion } from '../config/config.ts';
import { scheduleWork } from '../due-work/schedule-work.ts';
import { cleanUpWork, scheduleCleanUps } from '../keeper/clean-up.ts';
import {
  type KeeperProcess,
  removeOldProcesses,
  removeProcess,
  reportProcess,
  tellSilent,
  tellStarted,
} from '../keeper/keeper-processes.ts';
import { createKeeperRecord, noteRun } from '../keeper/keeper-record.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { testEngines } from '../testing/test-database.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe.each(testEngines)('the keeper, watched on %s', (engine) => {
  let hub: TestHub;

  beforeEach(async () => {
    hub = await createTestHub({ engine });
  });
  afterEach(async () => {
    await hub.close();
  });

  async function watch(): Promise<Keeper> {
    const answer = await hub.inject({ method: 'GET', url: '/api/v1/keeper' });
    expect(answer.statusCode).toBe(200);
    return answer.json<Keeper>();
  }
  function schedule(subjectId: string, dueIn: number, kind = 'connection') {
    return scheduleWork(hub.context.store.db, { kind, subjectId, dueAt: hub.clock.now() + dueIn });
  }
  const self = (id: string): KeeperProcess => ({
    id,
    name: `host ${id}`,
    isOn: true,
    startedAt: hub.clock.now(),
  });

  it('tells nothing where nothing is due or done', async () => {
    const { kinds, next, processes } = await watch();
    expect([next, processes]).toEqual([[], []]);
    expect(kinds.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['clean_up', 'connection', 'registration']),
    );
    for (const { due, runs, lastRunAt } of kinds) expect([due, runs, lastRunAt]).toEqual([0, 0, null]);
  });

  it('is for callers that the hub knows', async () => {
    const answer = await hub.app.inject({ method: 'GET', url: '/api/v1/keeper' });
    expect(answer.statusCode).toBe(401);
  });

  it('tells what is due, for how long, what is being done, and what comes next', async () => {
    await schedule('late', -90 * second);
    await schedule('under way', -hour);
    await schedule('soon', hour);
    await schedule('later', hour + 1);
    await schedule('other', 0, 'of a later version');
    await hub.context.store.db
      .updateTable('due_work')
      .set({ claimed_until: hub.clock.now() + 1 })
      .where('subject_id', '=', 'under way')
      .execute();
    const { kinds, next } = await watch();
    const found = kinds.filter(({ due }) => due > 0);
    expect(found).toMatchObject([
      {
        kind: 'connection',
        title: expect.stringContaining('keep alive'),
        due: 2,
        underWay: 1,
        overdueSeconds: 90,
        dueWithinAnHour: 1,
        runs: 0,
        lastRunAt: null,
      },
      { kind: 'of a later version', title: 'of a later version', due: 1, overdueSeconds: 0 },
    ]);
    expect(next.map(({ subjectId, isUnderWay }) => [subjectId, isUnderWay])).toEqual([
      ['under way', true],
      ['late', false],
      ['other', false],
      ['soon', false],
      ['later', false],
    ]);
  });

  it('names what the work is for', async () => {
    const payload = {
      method: 'sign_in',
      name: 'Sales',
      environmentUrl: 'http://localhost:9',
      clientId: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
    };
    const created = await hub.inject({ method: 'POST', url: '/api/v1/connections', payload });
    const { id } = created.json<{ id: string }>();
    await schedule(id, 0);
    expect((await watch()).next).toMatchObject([{ subjectId: id, subjectName: 'Sales' }]);
  });

  it('tells what each process has done, and which is silent', async () => {
    const record = createKeeperRecord();
    record.underWay = 3;
    noteRun(record, 'connection', { startedAt: hub.clock.now() - 5, now: hub.clock.now(), hasFailed: false });
    noteRun(record, 'connection', { startedAt: hub.clock.now(), now: hub.clock.now(), hasFailed: true });
    await reportProcess(hub.context, self('a'), createKeeperRecord());
    await reportProcess(hub.context, self('a'), record);
    hub.clock.advance(2 * minute);
    await reportProcess(hub.context, { ...self('b'), isOn: false }, record);
    const { kinds, processes } = await watch();
    expect(processes).toMatchObject([
      { id: 'a', isOn: true, isSilent: true, underWay: 3, runs: 2, failures: 1 },
      { id: 'b', isOn: false, isSilent: false, name: 'host b' },
    ]);
    const ran = kinds.filter(({ runs }) => runs > 0);
    expect(ran).toMatchObject([{ kind: 'connection', runs: 4, failures: 2 }]);
    expect(ran[0]?.lastRunAt).toBe(new Date(hub.clock.now() - 2 * minute).toISOString());
    await removeProcess(hub.context, self('b'));
    hub.clock.advance(58 * minute);
    expect((await watch()).processes).toEqual([]);
    await removeOldProcesses(hub.context);
    expect(await hub.context.store.db.selectFrom('keeper_processes').selectAll().execute()).toEqual([]);
  });

  it('tells as events of the hub which processes started, ended, and fell silent, each once', async () => {
    const events = async () => {
      const answer = await hub.inject({ method: 'GET', url: '/api/v1/events' });
      return answer.json<Page<HubEvent>>().items.map(({ kind, summary }) => `${kind}: ${summary}`);
    };
    await tellStarted(hub.context, { ...self('a'), isOn: false });
    await reportProcess(hub.context, self('a'), createKeeperRecord());
    await reportProcess(hub.context, self('b'), createKeeperRecord());
    hub.clock.advance(2 * minute - 1);
    await tellSilent(hub.context);
    expect(await events()).toHaveLength(1);
    const seenAt = new Date(hub.clock.now() + 1 - 2 * minute).toISOString();
    hub.clock.advance(1);
    await reportProcess(hub.context, self('b'), createKeeperRecord());
    // As several processes do at once.
    await Promise.all([tellSilent(hub.context), tellSilent(hub.context)]);
    hub.clock.advance(second);
    await tellSilent(hub.context);
    await removeProcess(hub.context, self('b'));
    expect(await events()).toEqual([
      'process_stopped: The process host b ended in order.',
      `process_silent: The process host a has not reported since ${seenAt}: it was killed, or does not reach the database.`,
      `process_started: The process host a started, version ${hubVersion}, its keeper switched off.`,
    ]);
    // It comes back, and falls silent another time.
    await reportProcess(hub.context, self('a'), createKeeperRecord());
    hub.clock.advance(2 * minute);
    await tellSilent(hub.context);
    expect((await events()).filter((event) => event.startsWith('process_silent'))).toHaveLength(2);
  });

  it.each(['events', 'keeper_processes', 'sessions', 'sign_ins'])(
    'has words for the removal of %s',
    async (table) => {
      await schedule(table, 0, 'clean_up');
      const [work] = (await watch()).next;
      expect(work?.subjectName).toMatch(/^[A-Z][a-z -]+$/);
    },
  );

  it('removes what is over every hour, and leaves to a later version what it does not know', async () => {
    const removed: string[] = [];
    const cleanUps = new Map([['ended', async () => void removed.push('ended')]]);
    await scheduleCleanUps(hub.context, cleanUps);
    const { next } = await watch();
    expect(next).toMatchObject([{ kind: 'clean_up', subjectId: 'ended' }]);
    expect(next[0]?.dueAt).toBe(new Date(hub.clock.now() + 5 * minute).toISOString());
    const handler = cleanUpWork(hub.context, cleanUps);
    const { signal } = new AbortController();
    expect(await handler.run('ended', signal)).toBe(hub.clock.now() + hour);
    expect(await handler.run('unknown', signal)).toBe(hub.clock.now() + hour);
    expect(removed).toEqual(['ended']);
  });
});
