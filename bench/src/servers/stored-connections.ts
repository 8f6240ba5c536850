import { openStoredConnections } from '../../../packages/hub/src/testing/open-stored-connections.ts';
import { quantile } from '../measuring/spread.ts';
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

/** The others had to share the machine with something else. */
const calmShare = 0.1;

/** @returns how many were done, and how long one took in the calmest tenth of the batches */
async function run(work: () => Promise<number>, seconds: number) {
  const endsAt = performance.now() + seconds * millisecondsPerSecond;
  const milliseconds: number[] = [];
  let count = 0;
  while (performance.now() < endsAt) {
    const begunAt = performance.now();
    const done = await work();
    if (done === 0) continue;
    count += done;
    milliseconds.push((performance.now() - begunAt) / done);
  }
  return { perSecond: count / seconds, calmMilliseconds: quantile(milliseconds, calmShare) };
}

const origin = await listen((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench');
  const work = pathname === '/claims' ? () => connections.claimAndFinish(batch) : readSome;
  void run(work, Number(searchParams.get('seconds'))).then((result) => response.end(JSON.stringify(result)));
});
announceReady({ origin });
