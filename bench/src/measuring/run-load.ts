import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** What one round brought. */
export interface Measured {
  requestsPerSecond: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
}

interface AutocannonResult {
  requests: { average: number };
  latency: { p50: number; p99: number };
  non2xx: number;
  errors: number;
  timeouts: number;
}

/** autocannon has no types; as a program of its own it needs none, and its work is not on a server's event loop. */
const autocannon = fileURLToPath(import.meta.resolve('autocannon'));

/**
 * Puts load on a server for some seconds.
 *
 * @throws Error when not every answer was good: a figure of failures is none
 */
export async function runLoad(load: Load, seconds: number): Promise<Measured> {
  const { url, headers = {}, form, connections } = load;
  const words = ['--json', '--no-progress', '-c', String(connections), '-d', String(seconds)];
  for (const [name, value] of Object.entries(headers)) words.push('-H', `${name}=${value}`);
  if (form !== undefined) {
    words.push('-m', 'POST', '-H', 'content-type=application/x-www-form-urlencoded', '-b', form);
  }
  const child = spawn(process.execPath, [autocannon, ...words, url], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const result = JSON.parse(output) as AutocannonResult;
  const failures = result.non2xx + result.errors + result.timeouts;
  if (failures > 0) throw new Error(`${failures} requests to ${new URL(url).origin} failed.`);
  return {
    requestsPerSecond: result.requests.average,
    p50Milliseconds: result.latency.p50,
    p99Milliseconds: result.latency.p99,
  };
}
