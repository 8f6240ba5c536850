import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
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

/** Opens a store that is closed when the test is over. */
export async function openTestStore(place: StorePlace): Promise<Store> {
  const store = await openStore({
    config: place,
    clock: createTestClock(),
    random: { bytes: (count) => randomBytes(count) },
    // Really waits: several processes, here several stores, take turns in real time.
    sleep: (milliseconds) => setTimeout(milliseconds),
  });
  onTestFinished(() => store.close());
  return store;
}
