import { claimWork, finishWork } from '../due-work/claim-work.ts';
import { systemSleep } from '../ground/clock.ts';
import { systemRandom } from '../ground/random.ts';
import { createDatabaseNow } from '../store/database-now.ts';
import { openStore } from '../store/open-store.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import type { StorePlace } from './open-test-store.ts';
import { storeConnections, storedConnectionId } from './store-connections.ts';
import { createTestClock } from './test-clock.ts';

const day = 24 * 3_600_000;
const claimMilliseconds = 30_000;

/** How many were done, and how long that took altogether. */
export interface Measured {
  count: number;
  milliseconds: number;
}

/** What is measured of a database with many connections. */
export interface StoredConnections {
  /** As a keeper does it: so much falls due and is claimed together; then each piece is finished until tomorrow, unmeasured. */
  claim(limit: number): Promise<Measured>;
  /** What a token is served from, of so many connections. */
  read(count: number): Promise<Measured>;
}

/** Makes a database and fills it with so many connections. It is left open. */
export async function openStoredConnections(place: StorePlace, count: number): Promise<StoredConnections> {
  const clock = createTestClock();
  const store = await openStore({ config: place, clock, random: systemRandom, sleep: systemSleep });
  const databaseNow = createDatabaseNow(store.engine, clock);
  const context = { store, clock, random: systemRandom, databaseNow };
  await storeConnections(store, count, clock.now());
  return {
    async claim(limit) {
      clock.advance(Math.round((limit * day) / count));
      const claim = { kinds: ['connection'], limit, milliseconds: claimMilliseconds };
      const begunAt = performance.now();
      const works = await claimWork(context, claim);
      const milliseconds = performance.now() - begunAt;
      for (const work of works) await finishWork(context, work, work.dueAt + day);
      return { count: works.length, milliseconds };
    },
    async read(reads) {
      const begunAt = performance.now();
      for (let read = 0; read < reads; read += 1)
        await readTokenState(context, storedConnectionId(1 + Math.floor(Math.random() * count)));
      return { count: reads, milliseconds: performance.now() - begunAt };
    },
  };
}
