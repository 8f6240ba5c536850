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

/** What is measured of a database with many connections. */
export interface StoredConnections {
  /** As a keeper does it: so much falls due, is claimed together, and each piece finished until tomorrow. @returns how much */
  claimAndFinish(limit: number): Promise<number>;
  /** What a token is served from, of any connection. */
  readOne(): Promise<void>;
}

/** Makes a database and fills it with so many connections. It is left open. */
export async function openStoredConnections(place: StorePlace, count: number): Promise<StoredConnections> {
  const clock = createTestClock();
  const store = await openStore({ config: place, clock, random: systemRandom, sleep: systemSleep });
  const databaseNow = createDatabaseNow(store.engine, clock);
  const context = { store, clock, random: systemRandom, databaseNow };
  await storeConnections(store, count, clock.now());
  return {
    async claimAndFinish(limit) {
      clock.advance(Math.round((limit * day) / count));
      const claim = { kinds: ['connection'], limit, milliseconds: claimMilliseconds };
      const works = await claimWork(context, claim);
      for (const work of works) await finishWork(context, work, work.dueAt + day);
      return works.length;
    },
    async readOne() {
      await readTokenState(context, storedConnectionId(1 + Math.floor(Math.random() * count)));
    },
  };
}
