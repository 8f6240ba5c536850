import { startPostgres, type TestPostgres } from '../../../packages/hub/src/testing/start-postgres.ts';
import type { SpreadLoad } from '../loads/spread.ts';
import type { Side } from './compare.ts';
import type { LoadResult } from './run-load.ts';
import { runLoadProgram } from './run-load-program.ts';
import { withFolder } from './with-folder.ts';
import { type Servers, withServers } from './with-servers.ts';

export type Engine = 'sqlite' | 'postgres';

/** What a hub is asked for. */
export interface StoredWork {
  /** In words, as of one: `token read`. */
  what: string;
  /** Requests to connections; without, something that the keeper does. */
  request?: Pick<SpreadLoad, 'method' | 'path'>;
  /** Whether it answers out of its memory. */
  remembers?: boolean;
  /** The most connections that are asked. */
  mostIds?: number;
  /** What the keeper does. */
  command?: 'claims' | 'proofs';
  /** After how many a process is warm. */
  warmAfter: number;
}

const call = '/proxy/api/data/v9.2/accounts?$select=name&$top=20';
/** An environment's good answer is written down once a minute and connection: of so many, that is seldom. */
const mostCalled = 200;
const manyTimes = 5000;
const someTimes = 1000;

export const tokenFromMemory: StoredWork = {
  what: 'token read, from memory',
  request: { method: 'GET', path: '/token' },
  remembers: true,
  mostIds: 32,
  warmAfter: manyTimes,
};
export const tokenLookedUp: StoredWork = {
  what: 'token read, looked up',
  request: { method: 'GET', path: '/token' },
  warmAfter: manyTimes,
};
export const callFromMemory: StoredWork = {
  what: 'proxied call, token from memory',
  request: { method: 'GET', path: call },
  remembers: true,
  mostIds: 32,
  warmAfter: manyTimes,
};
export const callLookedUp: StoredWork = {
  what: 'proxied call, token looked up',
  request: { method: 'GET', path: call },
  mostIds: mostCalled,
  warmAfter: manyTimes,
};
export const refreshOnRequest: StoredWork = {
  what: 'refresh',
  request: { method: 'POST', path: '/refresh' },
  warmAfter: someTimes,
};
export const claimOfWork: StoredWork = {
  what: 'piece of work claimed and finished',
  command: 'claims',
  warmAfter: manyTimes,
};
export const proofOfConnection: StoredWork = { what: 'proof', command: 'proofs', warmAfter: someTimes };

/** A hub on a database with many connections, in a process of its own. */
export interface StoredHub {
  /** Ready for that work. */
  side(work: StoredWork): Promise<Side>;
  /** @returns what it answers to a command */
  command<Answer>(name: string): Promise<Answer>;
}

const connections = 32;

/** Fills a database, runs a hub and what stands for Microsoft, and ends all of it. */
export async function withStoredHub<Result>(
  engine: Engine,
  count: number,
  use: (hub: StoredHub) => Promise<Result>,
): Promise<Result> {
  const postgres = engine === 'postgres' ? await startPostgres({ settings: ['max_wal_size=8GB'] }) : null;
  try {
    return await withFolder((dataFolder) =>
      withServers(async ({ start }) => use(await startStoredHub(start, { count, dataFolder, postgres }))),
    );
  } finally {
    await postgres?.stop();
  }
}

interface HubFacts {
  control: string;
  url: string;
  apiKey: string;
  usable: number;
  count: number;
  pid: number;
}

async function startStoredHub(
  start: Servers['start'],
  {
    count: connectionCount,
    dataFolder,
    postgres,
  }: { count: number; dataFolder: string; postgres: TestPostgres | null },
): Promise<StoredHub> {
  const { origin } = await start<{ origin: string }>('quick-microsoft');
  const databaseUrl = postgres?.url ?? '';
  const settings = { origin, dataFolder, databaseUrl, connections: String(connectionCount) };
  const hub = await start<HubFacts>('stored-hub', settings);
  const command = async <Answer>(name: string): Promise<Answer> => {
    const answer = await fetch(`${hub.control}/${name}`);
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Answer;
  };
  return {
    command,
    async side(work) {
      await command(work.remembers ? 'remember' : 'forget');
      const run = runnerOf(hub, work, command);
      await run(0, work.warmAfter);
      const { pid } = hub;
      return { pid, ...(postgres && { databasePid: postgres.pid() }), run: (seconds) => run(seconds, 0) };
    },
  };
}

/** @returns what does a work for some seconds, and so many times at least */
function runnerOf(
  hub: HubFacts,
  { request, mostIds = hub.usable, command: name }: StoredWork,
  command: StoredHub['command'],
): (seconds: number, least: number) => Promise<LoadResult> {
  if (request === undefined)
    return async (seconds, least) => toLoadResult(await command(`${name}?seconds=${seconds}&least=${least}`));
  const count = Math.min(hub.usable, mostIds);
  const apart = Math.floor(hub.count / hub.usable) * Math.floor(hub.usable / count);
  const headers = { authorization: `Bearer ${hub.apiKey}` };
  const load = { url: hub.url, ...request, headers, ids: { count, apart }, connections };
  return async (seconds, least) => {
    const { count: requests, ...durations } = await runLoadProgram('spread', { ...load, seconds, least });
    return { requests, requestsPerSecond: requests / seconds, ...durations };
  };
}

/** What was done together has no times of its own. */
function toLoadResult({ count, seconds }: { count: number; seconds: number }): LoadResult {
  const milliseconds = (seconds * 1000) / count;
  return {
    requests: count,
    requestsPerSecond: count / seconds,
    p50Milliseconds: milliseconds,
    p99Milliseconds: milliseconds,
  };
}
