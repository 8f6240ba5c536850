import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Measured } from './run-load.ts';

/** Complete sign-ins that are run over and over: authorize with a live session, redeem the code, refresh. */
export interface FlowLoad {
  /** All but the code challenge. */
  authorizeUrl: string;
  /** Of the session. */
  cookie: string;
  tokenUrl: string;
  /** What each token request carries besides its grant: the client's id, its secret, the scope. */
  client: Record<string, string>;
  redirectUri: string;
  /** Flows under way at a time. */
  connections: number;
}

const program = path.join(import.meta.dirname, '..', 'loads', 'code-flows.ts');

/**
 * Runs flows for some seconds, in a process of their own.
 *
 * @returns whole flows a second and what one took
 * @throws Error when a flow failed: a figure of failures is none
 */
export async function runFlows(load: FlowLoad, seconds: number): Promise<Measured> {
  const child = spawn(process.execPath, [program, JSON.stringify({ ...load, seconds })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error('A flow failed.');
  const milliseconds = (JSON.parse(output) as number[]).toSorted((one, other) => one - other);
  const share = (part: number) => milliseconds[Math.floor(milliseconds.length * part)] ?? Number.NaN;
  return {
    requestsPerSecond: milliseconds.length / seconds,
    p50Milliseconds: share(0.5),
    p99Milliseconds: share(0.99),
  };
}
