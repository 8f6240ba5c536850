import { beforeEach, describe, expect, it } from 'vitest';
import { clockNow } from '../store/database-now.ts';
import type { Store } from '../store/store.ts';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { createTestClock, type TestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import {
  type AuthorityBreaker,
  type AuthorityVerdict,
  createAuthorityBreaker,
  createAuthorityBreakers,
} from './authority-breaker.ts';
import { createAuthorityOutages } from './authority-outages.ts';

const second = 1000;
const origin = 'https://login.example';
const months = 90 * 24 * 3600 * second;

/** A hub process on a database, as far as it asks an authority. */
interface AskingProcess {
  breaker: AuthorityBreaker;
  /** @returns what is news, `sent`, or how long to wait */
  ask: (subject: string, verdict: AuthorityVerdict, forced?: boolean) => Promise<string | number>;
  fail: (...subjects: string[]) => Promise<(string | number)[]>;
}

let store: Store;
let clock: TestClock;

function startProcess(chance = 0, ownClock = clock): AskingProcess {
  const random = { bytes: (count: number) => Buffer.alloc(count, chance) };
  const outages = createAuthorityOutages({ store, databaseNow: () => clockNow(clock) });
  const breaker = createAuthorityBreaker({ clock: ownClock, random, outages }, origin);
  async function ask(subject: string, verdict: AuthorityVerdict, forced = false) {
    const visit = await breaker.enter(subject, forced);
    return 'end' in visit ? ((await visit.end(verdict)) ?? 'sent') : visit.waitMilliseconds;
  }
  return {
    breaker,
    ask,
    async fail(...subjects) {
      const ends: (string | number)[] = [];
      for (const subject of subjects) ends.push(await ask(subject, 'away'));
      return ends;
    },
  };
}

const rows = () => store.db.selectFrom('authority_outages').selectAll().execute();

describe('an authority', () => {
  let breaker: AuthorityBreaker;
  let ask: AskingProcess['ask'];
  let fail: AskingProcess['fail'];
  beforeEach(async () => {
    store = await openTestStore(await makeStorePlace('sqlite'));
    clock = createTestClock();
    ({ breaker, ask, fail } = startProcess());
  });

  it('that has not answered for a while is asked by five at once, and by all others once it does', async () => {
    const first = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((subject) => breaker.enter(subject, false)),
    );
    let entered = 0;
    const others = ['f', 'g', 'h'].map((subject) =>
      breaker.enter(subject, false).then((visit) => {
        entered += 1;
        return visit;
      }),
    );
    const [one, two] = first;
    if (!one || !two || !('end' in one && 'end' in two)) throw new Error('It was kept back.');
    await one.end('away');
    expect(entered).toBe(0);
    await two.end('answered');
    expect((await Promise.all(others)).every((visit) => 'end' in visit)).toBe(true);
  });

  it('that answers nobody is asked by no more than found that out, and a person is not kept waiting', async () => {
    const first = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((subject) => breaker.enter(subject, false)),
    );
    const others = ['f', 'g', 'h'].map((subject) => breaker.enter(subject, false));
    expect('end' in (await breaker.enter('in person', true))).toBe(true);
    for (const visit of first) if ('end' in visit) await visit.end('away');
    expect((await Promise.all(others)).every((visit) => 'waitMilliseconds' in visit)).toBe(true);
  });

  it('counts as away once five connections in a row got no answer, which is told once', async () => {
    expect(await fail('a', 'b', 'c', 'd')).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(breaker.awaySince()).toBeNull();
    expect(await fail('e')).toEqual(['away']);
    expect(breaker.awaySince()).toBe(clock.now());
    expect(await ask('f', 'answered')).toBe(5 * second);
  });

  it.each<[string, AuthorityVerdict, string[]]>([
    ['the failures of one connection', 'away', Array.from({ length: 50 }, () => 'a')],
    ['what tells nothing of it', 'unknown', ['a', 'b', 'c', 'd', 'e', 'f']],
  ])('does not count as away for %s', async (_case, verdict, subjects) => {
    for (const subject of subjects) await ask(subject, verdict);
    expect(breaker.awaySince()).toBeNull();
    expect(await rows()).toEqual([]);
  });

  it('does not count as away when it answers in between', async () => {
    await fail('a', 'b', 'c', 'd');
    await ask('e', 'answered');
    await fail('f', 'g', 'h', 'i');
    expect(breaker.awaySince()).toBeNull();
  });

  it('is probed by one request at a time, ever more seldom, at least once a minute', async () => {
    await fail('a', 'b', 'c', 'd', 'e');
    const pauses: number[] = [];
    for (let probe = 0; probe < 6; probe += 1) {
      const wait = await ask('f', 'away');
      if (typeof wait !== 'number') throw new Error('It was sent.');
      pauses.push(wait / second);
      clock.advance(wait - 1);
      expect(await ask('f', 'away')).toBe(1);
      clock.advance(1);
      const visit = await breaker.enter('f', false);
      if (!('end' in visit)) throw new Error('It was kept back.');
      expect(await ask('g', 'away')).toBe(5 * second);
      expect(await visit.end('away')).toBeNull();
    }
    expect(pauses).toEqual([5, 10, 20, 40, 60, 60]);
  });

  it('is back with the first answer, which is told once', async () => {
    await fail('a', 'b', 'c', 'd', 'e');
    clock.advance(5 * second);
    expect(await ask('f', 'answered')).toBe('back');
    expect(breaker.awaySince()).toBeNull();
    expect(await ask('g', 'answered')).toBe('sent');
    expect(await rows()).toEqual([]);
  });

  it('is asked by whoever waits in person, though it is away, and that answer counts', async () => {
    await fail('a', 'b', 'c', 'd', 'e');
    expect(await ask('f', 'away', true)).toBe('sent');
    expect(await ask('f', 'answered', true)).toBe('back');
  });

  it('is not kept away longer by requests that were sent before', async () => {
    await ask('before', 'answered');
    const early = await breaker.enter('early', false);
    await fail('a', 'b', 'c', 'd', 'e');
    clock.advance(4 * second);
    if ('end' in early) await early.end('away');
    clock.advance(second);
    expect(await ask('f', 'answered')).toBe('back');
  });

  it('is probed by another when the one who probed never came back', async () => {
    await fail('a', 'b', 'c', 'd', 'e');
    clock.advance(5 * second);
    await breaker.enter('gone', false);
    clock.advance(30 * second - 1);
    expect(await ask('f', 'answered')).toBe(1);
    clock.advance(1);
    expect(await ask('f', 'answered')).toBe('back');
  });

  it('is probed again after the same pause where a probe told nothing', async () => {
    await fail('a', 'b', 'c', 'd', 'e');
    clock.advance(5 * second);
    await ask('f', 'unknown');
    expect(await ask('g', 'away')).toBe(5 * second);
  });

  it('gets those who were refused back one by one: the more there are, the longer it takes, up to a minute', async () => {
    ({ fail, ask } = startProcess(255));
    await fail('a', 'b', 'c', 'd', 'e');
    const waits: unknown[] = [];
    for (let index = 0; index < 5000; index += 1) waits.push(await ask(`connection ${index}`, 'away'));
    expect(waits[0]).toBe(10 * second);
    expect(waits[499]).toBe(15 * second);
    expect(waits[4999]).toBe(65 * second);
  });

  it('is probed at once after a clock that was months ahead was set right', async () => {
    clock.advance(months);
    await fail('a', 'b', 'c', 'd', 'e');
    clock.advance(-months);
    expect(await ask('f', 'answered')).toBe('back');
  });
});

describe.each(testEngines)('an authority of several processes on %s', (engine) => {
  beforeEach(async () => {
    store = await openTestStore(await makeStorePlace(engine));
    clock = createTestClock();
  });

  it('is away for a process with its first failure, where another has found that, and is told once', async () => {
    const [one, two] = [startProcess(), startProcess()];
    await one.fail('a', 'b', 'c', 'd', 'e');
    clock.advance(second);
    expect(await two.fail('f')).toEqual(['sent']);
    expect(two.breaker.awaySince()).toBe(one.breaker.awaySince());
    expect(await two.ask('g', 'away')).toBe(4 * second);
  });

  it('is told of by one of those who find it out at once', async () => {
    const processes = Array.from({ length: 4 }, () => startProcess());
    for (const subject of ['a', 'b', 'c', 'd'])
      for (const { breaker } of processes) await visitTo(breaker, subject);
    const news = await Promise.all(processes.map(({ ask }) => ask('e', 'away')));
    expect(news.filter((what) => what === 'away')).toHaveLength(1);
  });

  /** Fails before anybody knows, so that each process finds it out by itself. */
  async function visitTo(breaker: AuthorityBreaker, subject: string): Promise<void> {
    const visit = await breaker.enter(subject, false);
    if ('end' in visit) await visit.end('away');
  }

  it('is probed by one of them, and each learns within seconds that it is back, which is told once', async () => {
    const processes = Array.from({ length: 4 }, () => startProcess());
    await processes[0]?.fail('a', 'b', 'c', 'd', 'e');
    for (const { fail } of processes.slice(1)) await fail('f');
    clock.advance(5 * second);
    const visits = await Promise.all(processes.map(({ breaker }) => breaker.enter('g', false)));
    const sent = visits.filter((visit) => 'end' in visit);
    expect(sent).toHaveLength(1);
    const ends = await Promise.all(
      sent.map(async (visit) => ('end' in visit ? visit.end('answered') : null)),
    );
    expect(ends).toEqual(['back']);
    clock.advance(5 * second);
    const after = await Promise.all(processes.map(({ ask }) => ask('h', 'answered')));
    expect(after).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(processes.map(({ breaker }) => breaker.awaySince())).toEqual([null, null, null, null]);
  });

  it('is probed ever more seldom by all of them together', async () => {
    const processes = Array.from({ length: 4 }, () => startProcess());
    await processes[0]?.fail('a', 'b', 'c', 'd', 'e');
    for (const { fail } of processes.slice(1)) await fail('f');
    let sent = 0;
    for (let passed = 0; passed < 60; passed += 1) {
      clock.advance(second);
      for (const { ask } of processes) if (typeof (await ask('g', 'away')) === 'string') sent += 1;
    }
    // After 5, 15 and 35 s; a process may look some seconds late.
    expect(sent).toBeLessThanOrEqual(4);
    expect(sent).toBeGreaterThanOrEqual(3);
  });

  it('is not away for what processes have left behind that are long gone', async () => {
    await startProcess().fail('a', 'b', 'c', 'd', 'e');
    clock.advance(10 * 60 * second);
    const later = startProcess();
    expect(await later.fail('f', 'g', 'h', 'i')).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(later.breaker.awaySince()).toBeNull();
    expect(await later.fail('j')).toEqual(['away']);
    expect(await rows()).toHaveLength(1);
  });

  it('is not away for what was found by a clock that was months ahead', async () => {
    clock.advance(months);
    await startProcess().fail('a', 'b', 'c', 'd', 'e');
    clock.advance(-months);
    const later = startProcess();
    expect(await later.fail('f')).toEqual(['sent']);
    expect(later.breaker.awaySince()).toBeNull();
  });
});

it('is known by its origin', async () => {
  store = await openTestStore(await makeStorePlace('sqlite'));
  const random = { bytes: (count: number) => Buffer.alloc(count) };
  const databaseClock = createTestClock();
  const outages = createAuthorityOutages({ store, databaseNow: () => clockNow(databaseClock) });
  const breakers = createAuthorityBreakers({ clock: createTestClock(), random, outages });
  expect(breakers.of('https://one.example')).toBe(breakers.of('https://one.example'));
  expect(breakers.of('https://one.example')).not.toBe(breakers.of('https://other.example'));
});
