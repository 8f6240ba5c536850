import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Requests that are sent over and over. */
export interface Load {
  url: string;
  headers?: Record<string, string>;
  /** Makes it a POST of a form. */
  form?: string;
  /** Connections, each with one request under way. */
  connections: number;
}

/** What some seconds of load brought. */
export interface LoadResult {
  /** Answers, each of them good. */
  requests: number;
  requestsPerSecond: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
}

interface AutocannonResult {
  requests: { average: number; total: number };
  latency: { p50: number; p99: number };
  non2xx: number;
  errors: number;
  timeouts: number;
}

const formType = 'application/x-www-form-urlencoded';
/** autocannon has no types; as a program of its own it needs none, and its work is not on a server's event loop. */
const autocannon = fileURLToPath(import.meta.resolve('autocannon'));
const wrkScript = path.join(import.meta.dirname, '..', 'loads', 'wrk.lua');
const wrk = ['/usr/bin/wrk', '/usr/local/bin/wrk', '/opt/homebrew/bin/wrk'].find((file) => existsSync(file));

/** What makes the load here: `wrk` takes far less of the machine from what is measured. */
export const loadProgram = wrk === undefined ? 'autocannon' : 'wrk';

/**
 * Puts load on a server for some seconds.
 *
 * @throws Error when not every answer was good: a figure of failures is none
 */
export async function runLoad(load: Load, seconds: number): Promise<LoadResult> {
  const { failures, ...result } = await (wrk === undefined
    ? runAutocannon(load, seconds)
    : runWrk(wrk, load, seconds));
  if (failures > 0) throw new Error(`${failures} requests to ${new URL(load.url).origin} failed.`);
  return result;
}

async function runAutocannon({ url, headers = {}, form, connections }: Load, seconds: number) {
  const words = ['--json', '--no-progress', '-c', String(connections), '-d', String(seconds)];
  for (const [name, value] of Object.entries(headers)) words.push('-H', `${name}=${value}`);
  if (form !== undefined) words.push('-m', 'POST', '-H', `content-type=${formType}`, '-b', form);
  const output = await runProgram(process.execPath, [autocannon, ...words, url]);
  const { requests, latency, non2xx, errors, timeouts } = JSON.parse(output) as AutocannonResult;
  return {
    requests: requests.total,
    requestsPerSecond: requests.average,
    p50Milliseconds: latency.p50,
    p99Milliseconds: latency.p99,
    failures: non2xx + errors + timeouts,
  };
}

async function runWrk(program: string, { url, headers = {}, form, connections }: Load, seconds: number) {
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', wrkScript];
  for (const [name, value] of Object.entries(headers)) words.push('-H', `${name}: ${value}`);
  if (form !== undefined) words.push('-H', `content-type: ${formType}`);
  const output = await runProgram(program, [...words, url], form === undefined ? {} : { WRK_FORM: form });
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  return JSON.parse(line) as LoadResult & { failures: number };
}

async function runProgram(program: string, words: string[], env: Record<string, string> = {}) {
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return output;
}
