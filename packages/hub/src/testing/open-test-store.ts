import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { Sleep } from '../ground/clock.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { createTestClock } from './test-clock.ts';
import { createTestDatabase, type TestEngine } from './test-database.ts';

/** Where a store is, so that it can be opened several times. */
export interface StorePlace {
  databaseUrl: string | null;
  dataFolder: string;
}

/** @returns the place of a database that does not exist yet */
export async function makeStorePlace(engine: TestEngine): Promise<StorePlace> {
  const databaseUrl = engine === 'postgres' ? await createTestDatabase() : null;
  return { databaseUrl, dataFolder: makeTemporaryFolder() };
}

const openings = new EventEmitter();
let endedOpenings = 0;

/** Opens a store that is closed when the test is over. */
export async function openTestStore(place: StorePlace): Promise<Store> {
  const opening = openStore({
    config: place,
    clock: createTestClock(),
    random: { bytes: (count) => randomBytes(count) },
    sleep: sleepUntilAnOpeningEnds(),
  });
  try {
    const store = await opening;
    onTestFinished(() => store.close());
    return store;
  } finally {
    endedOpenings += 1;
    openings.emit('end');
  }
}

/**
 * An opening waits only for another one, and that is over when it has ended. It does not wait at all for one that
 * ended since it looked last.
 */
function sleepUntilAnOpeningEnds(): Sleep {
  let seen = endedOpenings;
  return async () => {
    if (seen === endedOpenings) await once(openings, 'end');
    seen = endedOpenings;
  };
}
