import { Pool } from 'undici';
import type { Load } from '../measuring/run-load.ts';

/**
 * Sends requests at a fixed rate, whatever the server does, and prints one line of JSON with the milliseconds that each
 * answer took. They count from the moment when the request was due: one that had to wait for its turn took that long,
 * too.
 */
const { url, headers, form, connections, rate, seconds } = JSON.parse(process.argv[2] ?? '') as Load & {
  /** Requests a second. */
  rate: number;
  seconds: number;
};

const { origin, pathname, search } = new URL(url);
const pool = new Pool(origin, { connections });
const request = {
  method: form === undefined ? 'GET' : 'POST',
  path: `${pathname}${search}`,
  headers: {
    ...headers,
    ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  },
  body: form ?? null,
} as const;
const milliseconds: number[] = [];

async function send(dueAt: number): Promise<void> {
  const answer = await pool.request(request);
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`A request was answered ${answer.statusCode}.`);
  milliseconds.push(performance.now() - dueAt);
}

const startedAt = performance.now();
const wanted = rate * seconds;
const sent: Promise<void>[] = [];
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const due = Math.min(wanted, ((performance.now() - startedAt) * rate) / 1000);
    while (sent.length < due) sent.push(send(startedAt + (sent.length / rate) * 1000));
    if (sent.length < wanted) return;
    clearInterval(timer);
    resolve();
  }, 1);
});
await Promise.all(sent);
await pool.close();
process.stdout.write(`${JSON.stringify(milliseconds)}\n`);
