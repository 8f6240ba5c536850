import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../packages/hub/src/testing/start-postgres.ts';
import { findFreePort } from './support/free-ports.ts';
import type { RunningCommand } from './support/run-command.ts';
import { runLatchkey } from './support/run-latchkey.ts';

/** The last thing that a start prints. */
const serving = 'enter by';
const requests = 40;

let folder: string;
let running: RunningCommand | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-workers-'));
  running = undefined;
});
afterEach(async () => {
  running?.signal('SIGTERM');
  await running?.ended;
  await rm(folder, { recursive: true, force: true });
});

/** Starts the hub with workers whose every request is a line of the log. @returns its address */
async function serve(environment: Record<string, string> = {}, workers = 'auto'): Promise<string> {
  running = runLatchkey(['serve', '--data', folder, '--port', '0', '--workers', workers], {
    environment: { LATCHKEY_LOG_LEVEL: 'info', ...environment },
  });
  const [, address = ''] = /Hub +(http:\S+)/.exec(await running.until(serving)) ?? [];
  return address;
}

async function ask(address: string): Promise<number> {
  const apiKey = (await readFile(path.join(folder, 'api-key'), 'utf8')).trim();
  const answer = await fetch(`${address}/api/v1/connections`, {
    // A connection each: what is dealt out to the workers is connections.
    headers: { authorization: `Bearer ${apiKey}`, connection: 'close' },
  });
  await answer.text();
  return answer.status;
}

interface LogLine {
  msg: string;
  worker?: number;
}

function logLines(text = running?.stderr() ?? ''): LogLine[] {
  // The last one may not have come whole.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): LogLine => JSON.parse(line));
}

/** Resolves once the log has so many of such lines. */
async function untilLogged(isMet: (line: LogLine) => boolean, count = 1): Promise<LogLine[]> {
  await running?.untilError((text) => logLines(text).filter(isMet).length >= count);
  return logLines().filter(isMet);
}

describe.each<[string, () => Promise<TestPostgres | null>]>([
  ['SQLite', () => Promise.resolve(null)],
  ['PostgreSQL', () => startPostgres()],
])('latchkey serve --workers on %s', (_engine, startDatabase) => {
  let postgres: TestPostgres | null;
  beforeEach(async () => {
    postgres = await startDatabase();
  });
  afterEach(async () => {
    running?.signal('SIGTERM');
    await running?.ended;
    await postgres?.stop();
  });

  it('shares one port among processes, which log into one stream with their numbers', async () => {
    const address = await serve(postgres ? { DATABASE_URL: postgres.url } : {}, '2');
    const statuses = await Promise.all(Array.from({ length: requests }, () => ask(address)));
    expect(statuses).toEqual(Array(requests).fill(200));
    const lines = await untilLogged(({ msg }) => msg === 'request', requests);
    expect(new Set(lines.map(({ worker }) => worker))).toEqual(new Set([1, 2]));
  });
});

describe('latchkey serve --workers', () => {
  it('makes tables, keys and the way in once, and says how many serve', async () => {
    await serve({}, '3');
    expect(running?.stdout()).toMatch(/workers +3\n/);
    expect(running?.stdout().match(/enter by/g)).toHaveLength(1);
    expect(logLines().filter(({ msg }) => msg === 'worker ended')).toEqual([]);
  });

  it('starts another for one that is killed, and serves on meanwhile', async () => {
    const address = await serve({}, '2');
    await ask(address);
    const [line] = await untilLogged(({ msg }) => msg === 'request');
    const { pid } = await workerOf(line?.worker);
    process.kill(pid, 'SIGKILL');
    await untilLogged(({ msg, worker }) => msg === 'worker ended' && worker === line?.worker);
    const isAnswered = ({ msg, worker }: LogLine) => msg === 'request' && worker === line?.worker;
    const before = logLines().filter(isAnswered).length;
    while (logLines().filter(isAnswered).length === before) expect(await ask(address)).toBe(200);
  });

  it('serves the metrics of all on one port, also while one hangs, and after one was killed', async () => {
    const port = await findFreePort();
    const address = await serve({ LATCHKEY_METRICS: String(port) }, '2');
    const read = async (name: string): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const line = text.split('\n').find((found) => found.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1));
    };
    const calls = 'latchkey_proxy_call_duration_seconds_count{status="404"}';
    const apiKey = (await readFile(path.join(folder, 'api-key'), 'utf8')).trim();
    const call = async () => {
      const answer = await fetch(`${address}/api/v1/connections/nobody/proxy/api/data/v9.2/WhoAmI`, {
        headers: { authorization: `Bearer ${apiKey}`, connection: 'close' },
      });
      await answer.text();
    };
    await Promise.all(Array.from({ length: requests }, call));
    expect(await read(calls)).toBe(requests);
    expect(await read('latchkey_store_up')).toBe(1);
    expect(await read('latchkey_due_work')).toBeGreaterThanOrEqual(0);
    const second = await workerOf(2);
    process.kill(second.pid, 'SIGSTOP');
    expect(await read('latchkey_worker_up{worker="2"}')).toBe(0);
    expect(await read(calls)).toBe(requests);
    process.kill(second.pid, 'SIGKILL');
    await untilLogged(({ msg, worker }) => msg === 'worker ended' && worker === 2);
    expect(await read(calls)).toBe(requests);
    while ((await read('latchkey_worker_up{worker="2"}')) !== 1) await call();
    const before = await read(calls);
    await Promise.all(Array.from({ length: requests }, call));
    expect(await read(calls)).toBe(before + requests);
  });

  it('can’t start where the port for metrics is taken, and says so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    running = runLatchkey(['serve', '--data', folder, '--port', '0', '--workers', '2'], {
      environment: { LATCHKEY_METRICS: `127.0.0.1:${port}` },
    });
    const { code, stderr } = await running.ended;
    taken.close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('LATCHKEY_METRICS') });
  });

  it('ends all in order when it is asked to, and leaves nobody behind', async () => {
    await serve({}, '2');
    const workers = await Promise.all([1, 2].map((number) => workerOf(number)));
    running?.signal('SIGTERM');
    expect(await running?.ended).toMatchObject({ code: 0, signal: null });
    for (const { pid } of workers) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('ends the workers when the one that started them is killed', async () => {
    await serve({}, '2');
    const workers = await Promise.all([1, 2].map((number) => workerOf(number)));
    running?.signal('SIGKILL');
    // The workers hold what it wrote to; it is closed when they have ended.
    await running?.ended;
    for (const { pid } of workers) expect(await gone(pid)).toBe(true);
  });

  it('says in one sentence why it can’t start', async () => {
    running = runLatchkey(['serve', '--data', folder, '--port', '0', '--workers', '2'], {
      environment: { LATCHKEY_KEYS: 'nonsense' },
    });
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/LATCHKEY_KEYS/);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  it.each(['0', '1.5', 'many', '1000'])('refuses %s as a number of workers', async (workers) => {
    running = runLatchkey(['serve', '--data', folder, '--workers', workers]);
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('Write auto, or a whole number'),
    });
  });
});

/** The process of a worker, by the settings that it was started with. */
async function workerOf(number: number | undefined): Promise<{ pid: number }> {
  const children = await readFile(`/proc/${running?.pid}/task/${running?.pid}/children`, 'utf8');
  for (const pid of children.trim().split(' ')) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (words.includes(`"number":${number}`)) return { pid: Number(pid) };
  }
  throw new Error(`There is no worker ${number}.`);
}

/** Resolves when there is no such process any more. */
async function gone(pid: number): Promise<boolean> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
