import { beforeEach, expect, it } from 'vitest';
import { createTestTimers, type TestTimers } from '../testing/test-timers.ts';
import { createCallLimit } from './limit-concurrent-calls.ts';

const long = 60_000;
const short = 1;

let timers: TestTimers;
beforeEach(() => {
  timers = createTestTimers();
});

it('lets calls in at once up to the limit, each connection for itself', () => {
  const limit = createCallLimit(timers, 2);
  expect([limit.enter('a', long), limit.enter('a', long), limit.enter('b', long)]).toEqual([
    true,
    true,
    true,
  ]);
});

it('lets the next one in, in the order of arrival, as soon as a call has ended', async () => {
  const limit = createCallLimit(timers, 1);
  await limit.enter('a', long);
  const order: string[] = [];
  const second = Promise.resolve(limit.enter('a', long)).then(() => order.push('second'));
  const third = Promise.resolve(limit.enter('a', long)).then(() => order.push('third'));
  limit.leave('a');
  await second;
  expect(order).toEqual(['second']);
  limit.leave('a');
  await third;
  expect(order).toEqual(['second', 'third']);
});

it('turns away who waited as long as told, without giving the place to them later', async () => {
  const limit = createCallLimit(timers, 1);
  await limit.enter('a', long);
  const waiting = limit.enter('a', short);
  timers.pass(short);
  expect(await waiting).toBe(false);
  limit.leave('a');
  expect(limit.enter('a', long)).toBe(true);
});

it('does not let a newcomer overtake one who waits', async () => {
  const limit = createCallLimit(timers, 1);
  await limit.enter('a', long);
  const waiting = limit.enter('a', long);
  limit.leave('a');
  const newcomer = limit.enter('a', short);
  timers.pass(short);
  expect(await newcomer).toBe(false);
  expect(await waiting).toBe(true);
});
