import { describe, expect, it } from 'vitest';
import { createTestClock } from '../testing/test-clock.ts';
import {
  type AuthorityVerdict,
  createAuthorityBreaker,
  createAuthorityBreakers,
} from './authority-breaker.ts';

const second = 1000;

function open(chance = 0) {
  const clock = createTestClock();
  const random = { bytes: (count: number) => Buffer.alloc(count, chance) };
  const breaker = createAuthorityBreaker({ clock, random });
  const ask = (subject: string, verdict: AuthorityVerdict, forced = false) => {
    const visit = breaker.enter(subject, forced);
    return 'end' in visit ? (visit.end(verdict) ?? 'sent') : visit.waitMilliseconds;
  };
  const fail = (...subjects: string[]) => subjects.map((subject) => ask(subject, 'away'));
  return { clock, breaker, ask, fail };
}

describe('an authority', () => {
  it('counts as away once five connections in a row got no answer, which is told once', () => {
    const { clock, breaker, fail, ask } = open();
    expect(fail('a', 'b', 'c', 'd')).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(breaker.awaySince()).toBeNull();
    expect(fail('e')).toEqual(['away']);
    expect(breaker.awaySince()).toBe(clock.now());
    expect(ask('f', 'answered')).toBe(5 * second);
  });

  it.each<[string, AuthorityVerdict, string[]]>([
    ['the failures of one connection', 'away', Array.from({ length: 50 }, () => 'a')],
    ['what tells nothing of it', 'unknown', ['a', 'b', 'c', 'd', 'e', 'f']],
  ])('does not count as away for %s', (_case, verdict, subjects) => {
    const { breaker, ask } = open();
    for (const subject of subjects) ask(subject, verdict);
    expect(breaker.awaySince()).toBeNull();
  });

  it('does not count as away when it answers in between', () => {
    const { breaker, fail, ask } = open();
    fail('a', 'b', 'c', 'd');
    ask('e', 'answered');
    fail('f', 'g', 'h', 'i');
    expect(breaker.awaySince()).toBeNull();
  });

  it('is probed by one request at a time, ever more seldom, at least once a minute', () => {
    const { clock, breaker, fail, ask } = open();
    fail('a', 'b', 'c', 'd', 'e');
    const pauses: number[] = [];
    for (let probe = 0; probe < 6; probe += 1) {
      const wait = ask('f', 'away');
      if (typeof wait !== 'number') throw new Error('It was sent.');
      pauses.push(wait / second);
      clock.advance(wait - 1);
      expect(ask('f', 'away')).toBe(1);
      clock.advance(1);
      const visit = breaker.enter('f', false);
      if (!('end' in visit)) throw new Error('It was kept back.');
      expect(ask('g', 'away')).toBe(0);
      expect(visit.end('away')).toBeNull();
    }
    expect(pauses).toEqual([5, 10, 20, 40, 60, 60]);
  });

  it('is back with the first answer, which is told once', () => {
    const { clock, breaker, fail, ask } = open();
    fail('a', 'b', 'c', 'd', 'e');
    clock.advance(5 * second);
    expect(ask('f', 'answered')).toBe('back');
    expect(breaker.awaySince()).toBeNull();
    expect(ask('g', 'answered')).toBe('sent');
  });

  it('is asked by whoever waits in person, though it is away, and that answer counts', () => {
    const { fail, ask } = open();
    fail('a', 'b', 'c', 'd', 'e');
    expect(ask('f', 'away', true)).toBe('sent');
    expect(ask('f', 'answered', true)).toBe('back');
  });

  it('is not kept away longer by requests that were sent before', () => {
    const { clock, breaker, fail, ask } = open();
    const early = breaker.enter('early', false);
    fail('a', 'b', 'c', 'd', 'e');
    clock.advance(4 * second);
    if ('end' in early) early.end('away');
    clock.advance(second);
    expect(ask('f', 'answered')).toBe('back');
  });

  it('is probed by another when the one who probed never came back', () => {
    const { clock, breaker, fail, ask } = open();
    fail('a', 'b', 'c', 'd', 'e');
    clock.advance(5 * second);
    breaker.enter('gone', false);
    clock.advance(30 * second - 1);
    expect(ask('f', 'answered')).toBe(0);
    clock.advance(1);
    expect(ask('f', 'answered')).toBe('back');
  });

  it('is probed again after the same pause where a probe told nothing', () => {
    const { clock, fail, ask } = open();
    fail('a', 'b', 'c', 'd', 'e');
    clock.advance(5 * second);
    ask('f', 'unknown');
    expect(ask('g', 'away')).toBe(5 * second);
  });

  it('gets those who were refused back one by one: the more there are, the longer it takes, up to a minute', () => {
    const { fail, ask } = open(255);
    fail('a', 'b', 'c', 'd', 'e');
    const waits = Array.from({ length: 5000 }, (_, index) => ask(`connection ${index}`, 'away'));
    expect(waits[0]).toBe(10 * second);
    expect(waits[499]).toBe(15 * second);
    expect(waits[4999]).toBe(65 * second);
  });
});

it('is known by its origin', () => {
  const random = { bytes: (count: number) => Buffer.alloc(count) };
  const breakers = createAuthorityBreakers({ clock: createTestClock(), random });
  expect(breakers.of('https://one.example')).toBe(breakers.of('https://one.example'));
  expect(breakers.of('https://one.example')).not.toBe(breakers.of('https://other.example'));
});
