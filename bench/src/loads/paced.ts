import { setTimeout } from 'node:timers/promises';
import { Client } from 'undici';
import type { Load } from '../measuring/run-load.ts';

/**
 * Requests on so many connections, each at the same pace and at a time of its own, and prints one line of JSON with the
 * milliseconds that each answer took. A connection waits for its answer, however late.
 */
const { url, headers, connections, rate, seconds } = JSON.parse(process.argv[2] ?? '') as Load & {
  /** Requests a second, of all connections together. */
  rate: number;
  seconds: number;
};

const { origin, pathname, search } = new URL(url);
const request = { method: 'GET', path: `${pathname}${search}`, ...(headers && { headers }) } as const;
const startedAt = performance.now();
const endsAt = startedAt + seconds * 1000;
const apart = (connections / rate) * 1000;
const milliseconds: number[] = [];

async function sendAtItsPace(number: number): Promise<void> {
  const client = new Client(origin);
  let dueAt = startedAt + (number / connections) * apart;
  while (dueAt < endsAt) {
    await setTimeout(Math.max(0, dueAt - performance.now()));
    const sentAt = performance.now();
    const answer = await client.request(request);
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`A request was answered ${answer.statusCode}.`);
    milliseconds.push(performance.now() - sentAt);
    dueAt += apart;
  }
  await client.close();
}

await Promise.all(Array.from({ length: connections }, (_, number) => sendAtItsPace(number)));
process.stdout.write(`${JSON.stringify(milliseconds)}\n`);
