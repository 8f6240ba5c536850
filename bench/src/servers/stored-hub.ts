import { loadConfig } from '@latchkey/hub';
import { openStoredHub } from '../../../packages/hub/src/testing/open-stored-hub.ts';
import { makeAccessToken } from '../measuring/make-access-token.ts';
import { makeRefreshToken } from '../measuring/make-refresh-token.ts';
import { countQueries } from './count-queries.ts';
import { listen } from './listen.ts';
import { announceReady, readSetting } from './serve.ts';

/**
 * A hub over a database with so many connections. Besides its own requests it does what it is told to: claims work and
 * proves connections for some seconds, forgets what it has in memory, counts its queries, tells how large its database is.
 */
const origin = readSetting('origin');
const config = loadConfig(
  {},
  {
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://localhost:0',
    dataFolder: readSetting('dataFolder'),
    databaseUrl: readSetting('databaseUrl') || null,
    cloud: {
      name: 'local',
      title: 'Benchmark',
      authority: origin,
      graph: origin,
      localEnvironments: [origin],
    },
  },
);
const count = Number(readSetting('connections'));
const { hub, usableIds, claim, prove, size } = await openStoredHub(config, {
  count,
  environment: origin,
  accessToken: makeAccessToken(origin),
  refreshToken: makeRefreshToken(),
});
const { key: apiKey } = await hub.createApiKey('bench');

const batch = 32;
const millisecondsPerSecond = 1000;

/** How long something is done, and how often at least. */
interface Extent {
  seconds: number;
  least: number;
}

async function repeat(
  work: () => Promise<number>,
  { seconds, least }: Extent,
): Promise<{ count: number; seconds: number }> {
  const beganAt = performance.now();
  const endsAt = beganAt + seconds * millisecondsPerSecond;
  let done = 0;
  while (performance.now() < endsAt || done < least) done += await work();
  return { count: done, seconds: (performance.now() - beganAt) / millisecondsPerSecond };
}

async function proveSome(): Promise<number> {
  const ids = Array.from(
    { length: batch },
    () => usableIds[Math.floor(Math.random() * usableIds.length)] ?? '',
  );
  await Promise.all(ids.map(prove));
  return batch;
}

const { tokenMemory } = hub.context;
const remembering = { ...tokenMemory };
const forgetful = { recall: () => undefined, known: () => undefined };

let queriesSoFar: (() => number) | undefined;

const commands: Record<string, (extent: Extent) => Promise<object> | object> = {
  claims: (extent) => repeat(() => claim(batch), extent),
  proofs: (extent) => repeat(proveSome, extent),
  remember: () => Object.assign(tokenMemory, remembering),
  forget: () => Object.assign(tokenMemory, forgetful),
  queries() {
    queriesSoFar ??= countQueries(hub.context.store);
    return { count: queriesSoFar() };
  },
  size: async () => ({ bytes: await size() }),
};

const control = await listen((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench');
  const command = commands[pathname.slice(1)];
  const extent = { seconds: Number(searchParams.get('seconds')), least: Number(searchParams.get('least')) };
  Promise.resolve(command?.(extent)).then(
    (result) => response.end(JSON.stringify(result ?? null)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
announceReady({ control, url: hub.url, apiKey, usable: usableIds.length, count });
