import type { ServerResponse } from 'node:http';
import type { StartTimer } from '../ground/clock.ts';
import type { CallShares } from './call-shares.ts';
import type { CallUsage } from './user-call-leases.ts';

/** How a wait for a place ended: with one, or not. Only `entered` has to be followed by `leave`. */
export type Admission = 'entered' | 'line_full' | 'waited_too_long' | 'caller_gone';

/** Whose call it is, and how long it waits. */
interface Entrant {
  /** The user of the environment, whom the environment counts; several connections may be one user's. */
  user: string;
  connectionId: string;
  patienceMilliseconds: number;
  /** Who goes away while waiting leaves the line. */
  response: ServerResponse;
}

/** Keeps the calls of each user of an environment that run at the same time under what the environment takes. */
export interface CallLimit {
  /** Takes a place, waiting in line for one if need be. */
  enter(entrant: Entrant): Promise<Admission> | 'entered';
  leave(user: string, connectionId: string): void;
  /** To be called when this process's share of a user's calls may have grown. */
  admit(user: string): void;
  usageOf(user: string): CallUsage | undefined;
  /** Those with calls that run or wait. */
  users(): Iterable<string>;
}

/** So many calls of one connection wait in this process: each may hold a body of 64 KB. */
export const longestLine = 256;

/**
 * Where a user has several connections, none of them takes all places: this part of them is kept for those that have
 * fewer calls, so that one with slow answers does not keep the others waiting.
 */
const reservedShare = 1 / 12;

interface Line {
  running: number;
  /** In the order of arrival. */
  waiting: ((admission: Admission) => void)[];
}

interface UserCalls extends CallUsage {
  /** By connection; those that were served least lately come first. */
  lines: Map<string, Line>;
}

/** @param shares how many calls of a user this process may run at the same time */
export function createCallLimit(
  { startTimer }: { startTimer: StartTimer },
  shares: Pick<CallShares, 'capacity' | 'want' | 'settle'>,
): CallLimit {
  const users = new Map<string, UserCalls>();

  function callsOf(user: string): UserCalls {
    const known = users.get(user);
    if (known) return known;
    const calls: UserCalls = { running: 0, waiting: 0, peak: 0, lines: new Map() };
    users.set(user, calls);
    return calls;
  }

  function lineOf({ lines }: UserCalls, connectionId: string): Line {
    const known = lines.get(connectionId);
    if (known) return known;
    const line: Line = { running: 0, waiting: [] };
    lines.set(connectionId, line);
    return line;
  }

  function wait(calls: UserCalls, line: Line, entrant: Entrant): Promise<Admission> {
    const { user, patienceMilliseconds, response } = entrant;
    return new Promise((resolve) => {
      const end = (admission: Admission) => {
        timer[Symbol.dispose]();
        response.off('close', leaveLine);
        calls.waiting -= 1;
        resolve(admission);
      };
      const stepOut = (admission: Admission) => {
        line.waiting.splice(line.waiting.indexOf(end), 1);
        end(admission);
        forgetIdle(entrant, calls);
      };
      const leaveLine = () => stepOut('caller_gone');
      const timer = startTimer(patienceMilliseconds, () => stepOut('waited_too_long'));
      response.once('close', leaveLine);
      line.waiting.push(end);
      calls.waiting += 1;
      shares.want(user);
    });
  }

  /** Each connection in turn, so that none with many calls keeps out another's few. */
  function admit(user: string): void {
    const calls = users.get(user);
    if (!calls) return;
    const capacity = shares.capacity(user);
    for (;;) {
      const next = nextInTurn(calls, capacity);
      if (!next) return;
      const [connectionId, line] = next;
      calls.lines.delete(connectionId);
      calls.lines.set(connectionId, line);
      start(calls, line);
      line.waiting.shift()?.('entered');
    }
  }

  /** For one that has no more calls nothing is kept free, and nothing is kept in mind. */
  function forgetIdle(
    { user, connectionId }: Pick<Entrant, 'user' | 'connectionId'>,
    { running, waiting, lines }: UserCalls,
  ): void {
    const line = lines.get(connectionId);
    if (line?.running === 0 && line.waiting.length === 0) lines.delete(connectionId);
    if (running === 0 && waiting === 0) users.delete(user);
  }

  return {
    enter(entrant) {
      // One who went away before, while a token was fetched say, is not told of again.
      if (entrant.response.destroyed) return Promise.resolve('caller_gone');
      const calls = callsOf(entrant.user);
      const line = lineOf(calls, entrant.connectionId);
      if (line.waiting.length === 0 && hasRoom(calls, line, shares.capacity(entrant.user))) {
        start(calls, line);
        return 'entered';
      }
      if (line.waiting.length >= longestLine) return Promise.resolve('line_full');
      return wait(calls, line, entrant);
    },
    leave(user, connectionId) {
      const calls = users.get(user);
      const line = calls?.lines.get(connectionId);
      if (!calls || !line) return;
      calls.running -= 1;
      line.running -= 1;
      forgetIdle({ user, connectionId }, calls);
      shares.settle(user);
      if (calls.waiting > 0) admit(user);
    },
    admit,
    usageOf: (user) => users.get(user),
    users: () => users.keys(),
  };
}

function start(calls: UserCalls, line: Line): void {
  calls.running += 1;
  if (calls.running > calls.peak) calls.peak = calls.running;
  line.running += 1;
}

function hasRoom({ running, lines }: UserCalls, line: Line, capacity: number): boolean {
  if (running >= capacity) return false;
  return lines.size === 1 || line.running < capacity - Math.floor(capacity * reservedShare);
}

function nextInTurn(calls: UserCalls, capacity: number): [string, Line] | undefined {
  for (const entry of calls.lines) {
    const [, line] = entry;
    if (line.waiting.length > 0 && hasRoom(calls, line, capacity)) return entry;
  }
  return undefined;
}
