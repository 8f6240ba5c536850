import {
  type Measured,
  openStoredConnections,
} from '../../../packages/hub/src/testing/open-stored-connections.ts';
import { quantile } from '../measuring/spread.ts';
import { listen } from './listen.ts';
import { announceReady, readSetting } from './serve.ts';

const batch = 32;
const millisecondsPerSecond = 1000;

/** A database with so many connections; asked for it, it claims work for some seconds, or looks at connections. */
const connections = await openStoredConnections(
  { databaseUrl: readSetting('databaseUrl') || null, dataFolder: readSetting('dataFolder') },
  Number(readSetting('connections')),
);

/** The others had to share the machine with something else. */
const calmShare = 0.1;

/** @returns how many were done, and how long one took in the calmest tenth of the batches */
async function run(work: (size: number) => Promise<Measured>, seconds: number) {
  const endsAt = performance.now() + seconds * millisecondsPerSecond;
  const milliseconds: number[] = [];
  let count = 0;
  while (performance.now() < endsAt) {
    const done = await work(batch);
    if (done.count === 0) continue;
    count += done.count;
    milliseconds.push(done.milliseconds / done.count);
  }
  return { perSecond: count / seconds, calmMilliseconds: quantile(milliseconds, calmShare) };
}

const origin = await listen((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench');
  const work = (size: number) => (pathname === '/claims' ? connections.claim(size) : connections.read(size));
  void run(work, Number(searchParams.get('seconds'))).then((result) => response.end(JSON.stringify(result)));
});
announceReady({ origin });
