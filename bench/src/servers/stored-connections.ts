import { openStoredConnections } from '../../../packages/hub/src/testing/open-stored-connections.ts';
import type { LoadResult } from '../measuring/run-load.ts';
import { median, quantile } from '../measuring/spread.ts';
import { listen } from './listen.ts';
import { announceReady, readSetting } from './serve.ts';

const batch = 32;
const millisecondsPerSecond = 1000;

/** A database with so many connections; asked for it, it claims and finishes work for some seconds, or looks at connections. */
const connections = await openStoredConnections(
  { databaseUrl: readSetting('databaseUrl') || null, dataFolder: readSetting('dataFolder') },
  Number(readSetting('connections')),
);

async function readSome(): Promise<number> {
  for (let read = 0; read < batch; read += 1) await connections.readOne();
  return batch;
}

/** @returns how long one of a batch took */
async function run(work: () => Promise<number>, seconds: number): Promise<LoadResult> {
  const endsAt = performance.now() + seconds * millisecondsPerSecond;
  const milliseconds: number[] = [];
  let requests = 0;
  while (performance.now() < endsAt) {
    const begunAt = performance.now();
    const done = await work();
    if (done === 0) continue;
    requests += done;
    milliseconds.push((performance.now() - begunAt) / done);
  }
  return {
    requests,
    requestsPerSecond: requests / seconds,
    p50Milliseconds: median(milliseconds),
    p99Milliseconds: quantile(milliseconds, 0.99),
  };
}

const origin = await listen((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench');
  const work = pathname === '/claims' ? () => connections.claimAndFinish(batch) : readSome;
  void run(work, Number(searchParams.get('seconds'))).then((result) => response.end(JSON.stringify(result)));
});
announceReady({ origin });
