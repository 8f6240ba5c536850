import { Pool } from 'undici';
import { storedConnectionId } from '../../../packages/hub/src/testing/store-connections.ts';

/**
 * Requests to stored connections by chance, as many at a time as there are connections to the server, for some seconds.
 * Prints one line of JSON with the milliseconds that each answer took.
 */
export interface SpreadLoad {
  /** Of the hub. */
  url: string;
  method: 'GET' | 'POST';
  /** What follows a connection's address. */
  path: string;
  headers: Record<string, string>;
  /** Whose connections: every so manieth stored one. */
  ids: { count: number; apart: number };
  connections: number;
  seconds: number;
  /** The least that are sent, however long that takes: a process is warm after so many, and not after a time. */
  least?: number;
}

const load = JSON.parse(process.argv[2] ?? '') as SpreadLoad;
const { url, method, path, headers, ids, connections, seconds, least = 0 } = load;
const pool = new Pool(url, { connections });
const paths = Array.from(
  { length: ids.count },
  (_, index) => `/api/v1/connections/${storedConnectionId(1 + index * ids.apart)}${path}`,
);
const endsAt = performance.now() + seconds * 1000;
const milliseconds: number[] = [];

async function askUntilTheEnd(): Promise<void> {
  while (performance.now() < endsAt || milliseconds.length < least) {
    const beganAt = performance.now();
    const asked = paths[Math.floor(Math.random() * paths.length)] ?? '';
    const answer = await pool.request({ method, path: asked, headers });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`A request was answered ${answer.statusCode}.`);
    milliseconds.push(performance.now() - beganAt);
  }
}

await Promise.all(Array.from({ length: connections }, askUntilTheEnd));
await pool.close();
process.stdout.write(`${JSON.stringify(milliseconds)}\n`);
