import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { beforeEach, expect, it } from 'vitest';
import { createTestTimers, type TestTimers } from '../testing/test-timers.ts';
import { type CallLimit, createCallLimit, longestLine } from './limit-concurrent-calls.ts';

const long = 60_000;
const short = 1;

let timers: TestTimers;
let capacity: number;
let wanted: string[];
let limit: CallLimit;
beforeEach(() => {
  timers = createTestTimers();
  capacity = 2;
  wanted = [];
  limit = createCallLimit(timers, {
    capacity: () => capacity,
    want: (user) => wanted.push(user),
    settle: () => undefined,
  });
});

function answerOf(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()));
}

function enter(
  connectionId: string,
  { user = 'alice', patienceMilliseconds = long, response = answerOf() } = {},
) {
  return limit.enter({ user, connectionId, patienceMilliseconds, response });
}

/** Enters, and keeps an account of who was let in. */
function queue(connectionId: string, order: string[]): void {
  const admission = enter(connectionId);
  expect(admission).toBeInstanceOf(Promise);
  void Promise.resolve(admission).then((how) => order.push(how === 'entered' ? connectionId : how));
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

it('lets calls in at once up to the limit, each user for itself, whatever the connection', () => {
  expect([enter('a'), enter('b'), enter('c', { user: 'bob' })]).toEqual(['entered', 'entered', 'entered']);
  expect(enter('a')).toBeInstanceOf(Promise);
  expect(enter('c', { user: 'bob' })).toBe('entered');
});

it('asks for more where calls wait', () => {
  void enter('a');
  void enter('a');
  expect(wanted).toEqual([]);
  void enter('a');
  expect(wanted).toEqual(['alice']);
});

it('lets the next one in, in the order of arrival, as soon as a call has ended', async () => {
  capacity = 1;
  void enter('a');
  const order: string[] = [];
  void Promise.resolve(enter('a')).then(() => order.push('second'));
  void Promise.resolve(enter('a')).then(() => order.push('third'));
  limit.leave('alice', 'a');
  await settle();
  expect(order).toEqual(['second']);
  limit.leave('alice', 'a');
  await settle();
  expect(order).toEqual(['second', 'third']);
});

it('lets connections in by turns, so that the many calls of one do not keep the few of another out', async () => {
  capacity = 1;
  void enter('a');
  const order: string[] = [];
  for (const connectionId of ['a', 'a', 'a', 'b', 'c', 'b']) queue(connectionId, order);
  for (let call = 0; call < 6; call += 1) {
    limit.leave('alice', order.at(-1) ?? 'a');
    await settle();
  }
  expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
});

it('keeps some places from a connection with slow answers, once the user has others', async () => {
  capacity = 24;
  for (let call = 0; call < capacity; call += 1) expect(enter('slow')).toBe('entered');
  const order: string[] = [];
  queue('quick', order);
  // The slow one has all places; its next ones wait behind the other's.
  for (const connectionId of ['slow', 'slow', 'slow']) queue(connectionId, order);
  for (let ended = 0; ended < 2; ended += 1) limit.leave('alice', 'slow');
  await settle();
  expect(order).toEqual(['quick']);
  expect(enter('quick')).toBe('entered');
  expect(limit.usageOf('alice')).toMatchObject({ running: 24, waiting: 3 });
});

it('turns away who waited as long as told, without giving the place to them later', async () => {
  capacity = 1;
  void enter('a');
  const waiting = enter('a', { patienceMilliseconds: short });
  timers.pass(short);
  expect(await waiting).toBe('waited_too_long');
  limit.leave('alice', 'a');
  expect(enter('a')).toBe('entered');
});

it('forgets who goes away while waiting, so that the place goes to the next one', async () => {
  capacity = 1;
  void enter('a');
  const response = answerOf();
  const gone = enter('a', { response });
  const order: string[] = [];
  queue('a', order);
  response.emit('close');
  expect(await gone).toBe('caller_gone');
  limit.leave('alice', 'a');
  await settle();
  expect(order).toEqual(['a']);
});

it('gives no place to a caller who is gone already, who stands in no line', async () => {
  capacity = 1;
  const response = answerOf();
  response.destroy();
  expect(await enter('a', { response })).toBe('caller_gone');
  expect(enter('a')).toBe('entered');
  expect(await enter('a', { response })).toBe('caller_gone');
  expect(limit.usageOf('alice')).toMatchObject({ running: 1, waiting: 0 });
});

it('stops watching a caller who got a place', async () => {
  capacity = 1;
  void enter('a');
  const response = answerOf();
  const waiting = enter('a', { response });
  limit.leave('alice', 'a');
  await waiting;
  expect(response.listenerCount('close')).toBe(0);
  timers.pass(long);
  expect(limit.usageOf('alice')).toMatchObject({ running: 1, waiting: 0 });
});

it('turns the next one away at once when the line of a connection is full, and no other connection’s', async () => {
  capacity = 0;
  for (let call = 0; call < longestLine; call += 1) void enter('a');
  expect(await enter('a')).toBe('line_full');
  const other: unknown = enter('b');
  expect(other).toBeInstanceOf(Promise);
  expect(limit.usageOf('alice')?.waiting).toBe(longestLine + 1);
});

it('does not let a newcomer overtake one who waits', async () => {
  capacity = 1;
  void enter('a');
  const waiting = enter('a');
  limit.leave('alice', 'a');
  const newcomer = enter('a', { patienceMilliseconds: short });
  timers.pass(short);
  expect(await newcomer).toBe('waited_too_long');
  expect(await waiting).toBe('entered');
});

it('keeps who comes behind those in line, though there is room already', async () => {
  capacity = 0;
  const order: string[] = [];
  queue('a', order);
  capacity = 1;
  expect(enter('a')).toBeInstanceOf(Promise);
  limit.admit('alice');
  await settle();
  expect(order).toEqual(['a']);
});

it('lets as many in as its share has grown, and nobody when it has shrunk', async () => {
  capacity = 0;
  const order: string[] = [];
  for (let call = 0; call < 3; call += 1) queue('a', order);
  capacity = 2;
  limit.admit('alice');
  await settle();
  expect(order).toEqual(['a', 'a']);
  capacity = 1;
  limit.leave('alice', 'a');
  limit.admit('alice');
  await settle();
  expect(order).toHaveLength(2);
  expect(limit.usageOf('alice')).toMatchObject({ running: 1, waiting: 1, peak: 2 });
});

it('keeps nothing of a user whose calls have ended', () => {
  void enter('a');
  expect([...limit.users()]).toEqual(['alice']);
  limit.leave('alice', 'a');
  expect([...limit.users()]).toEqual([]);
  limit.leave('alice', 'a');
  limit.admit('alice');
  capacity = 0;
  void enter('a', { patienceMilliseconds: short });
  timers.pass(short);
  expect([...limit.users()]).toEqual([]);
});

it('keeps nothing free for a connection that has no more calls', () => {
  capacity = 12;
  void enter('other');
  for (let calls = 0; calls < 11; calls += 1) expect(enter('a')).toBe('entered');
  limit.leave('alice', 'other');
  expect(enter('a')).toBe('entered');
});
