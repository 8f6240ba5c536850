import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { HubConfig } from '../config/config.ts';
import { proveConnection } from '../connections/prove-connection.ts';
import { claimWork, finishWork } from '../due-work/claim-work.ts';
import { systemClock, systemSleep } from '../ground/clock.ts';
import { systemRandom } from '../ground/random.ts';
import { type RunningHub, startHub } from '../server/start-hub.ts';
import { createDatabaseNow } from '../store/database-now.ts';
import { openBareStore, openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { sealTokenSet } from '../tokens/store-token-set.ts';
import { type SealedTexts, storeConnections, storedConnectionId } from './store-connections.ts';
import { createTestClock } from './test-clock.ts';

/** Of the tokens of so many connections: twice as many as a process keeps ready. */
const mostUsable = 20_000;
const rowsAtOnce = 500;
const day = 24 * 3_600_000;
/** The vault's texts are a third longer than the tokens, and no two are alike. */
const textsInTurn = 16;
const textsPerToken = 4 / 3;

/** What the connections have. */
export interface StoredConnections {
  count: number;
  environment: string;
  accessToken: string;
  refreshToken: string;
}

/** A hub on a database with many connections. */
export interface StoredHub {
  hub: RunningHub;
  /** The ids of the connections whose tokens are good, evenly spread over all. */
  usableIds: readonly string[];
  /** As a keeper does it: so much falls due, is claimed together and finished, each until tomorrow. @returns how many */
  claim: (limit: number) => Promise<number>;
  /** Proves a connection as the keeper does. */
  prove: (connectionId: string) => Promise<void>;
  /** How many bytes the database takes. */
  size: () => Promise<number>;
}

/** Makes a database, fills it with connections, and starts a hub on it whose keeper is off. */
export async function openStoredHub(config: HubConfig, stored: StoredConnections): Promise<StoredHub> {
  const opening = { clock: systemClock, random: systemRandom, sleep: systemSleep };
  const migrated = await openStore({ config, ...opening });
  await migrated.close();
  await fill(config, stored);
  const hub = await startHub({ config: { ...config, keeper: { ...config.keeper, isOn: false } } });
  const { context } = hub;
  const usable = Math.min(stored.count, mostUsable);
  const apart = Math.floor(stored.count / usable);
  const usableIds = Array.from({ length: usable }, (_, index) => storedConnectionId(1 + index * apart));
  await giveTokens(hub, usableIds, stored);
  const clock = createTestClock(systemClock.now());
  const claiming = { ...context, clock, databaseNow: createDatabaseNow(context.store.engine, clock) };
  return {
    hub,
    usableIds,
    async claim(limit) {
      clock.advance(Math.round((limit * day) / stored.count));
      const claim = { kinds: ['connection'], limit };
      const works = await claimWork(claiming, claim);
      for (const work of works) await finishWork(claiming, work, work.dueAt + day);
      return works.length;
    },
    prove: (connectionId) => proveConnection(context, connectionId),
    size: () => sizeOf(context.store),
  };
}

async function fill(
  config: HubConfig,
  { count, accessToken, refreshToken }: StoredConnections,
): Promise<void> {
  const store = await openBareStore(config);
  const isSqlite = store.engine === 'sqlite';
  const setUp = (pragma: string) => sql.raw(`pragma ${pragma}`).execute(store.db);
  try {
    // Nothing is lost with it, and nothing is written twice.
    if (isSqlite) for (const pragma of ['journal_mode = off', 'synchronous = off']) await setUp(pragma);
    const sealedText = ({ length }: string) => randomText(Math.ceil(length * textsPerToken));
    const texts = Array.from(
      { length: textsInTurn },
      (): SealedTexts => ({ access: sealedText(accessToken), refresh: sealedText(refreshToken) }),
    );
    await storeConnections(store, { count, now: systemClock.now(), texts });
    if (isSqlite) await setUp('journal_mode = wal');
    else await sql`vacuum (analyze)`.execute(store.db);
  } finally {
    await store.close();
  }
}

function randomText(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}

/** What the connections share is sealed for each of them. */
async function giveTokens(
  { context }: RunningHub,
  ids: readonly string[],
  { environment, accessToken, refreshToken }: StoredConnections,
): Promise<void> {
  const answer = { accessToken, refreshToken, expiresInSeconds: null };
  for (let from = 0; from < ids.length; from += rowsAtOnce) {
    await context.store.db.transaction().execute(async (db) => {
      for (const id of ids.slice(from, from + rowsAtOnce)) {
        const sealed = sealTokenSet(context, id, answer);
        await db.updateTable('token_sets').set(sealed).where('connection_id', '=', id).execute();
        await db
          .updateTable('connections')
          .set({ environment_url: environment })
          .where('id', '=', id)
          .execute();
      }
    });
  }
}

async function sizeOf({ db, engine }: Store): Promise<number> {
  const size =
    engine === 'postgres'
      ? sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`
      : sql<{
          bytes: number;
        }>`select page_count * page_size as bytes from pragma_page_count, pragma_page_size`;
  const { rows } = await size.execute(db);
  return rows[0]?.bytes ?? 0;
}
