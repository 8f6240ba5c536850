import { describe, expect, it, onTestFinished } from 'vitest';
import { openContentiousRelay } from '../testing/open-contentious-relay.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { createTestDatabase } from '../testing/test-database.ts';
import { inTransaction } from './in-transaction.ts';

describe('a database that gives transactions up (40001)', () => {
  async function openContentious() {
    const relay = await openContentiousRelay(await createTestDatabase());
    onTestFinished(() => relay.close());
    return { relay, store: await openTestStore({ databaseUrl: relay.url, dataFolder: '/nowhere' }) };
  }

  const count = 40;

  it('has everything that was acknowledged, each transaction once', async () => {
    const { relay, store } = await openContentious();
    for (let index = 0; index < count; index += 1) {
      await inTransaction(store, (db) =>
        db
          .insertInto('sessions')
          .values({ session_hash: `s${index}`, created_at: 1, expires_at: 1 })
          .execute(),
      );
    }
    expect(await store.db.selectFrom('sessions').selectAll().execute()).toHaveLength(count);
    expect(relay.givenUp()).toBeGreaterThan(count / 10);
  });

  it('has each statement outside a transaction made anew, too', async () => {
    const { relay, store } = await openContentious();
    const before = relay.givenUp();
    for (let index = 0; index < count; index += 1) {
      await store.db
        .insertInto('sessions')
        .values({ session_hash: `s${index}`, created_at: 1, expires_at: 1 })
        .execute();
    }
    expect(await store.db.selectFrom('sessions').selectAll().execute()).toHaveLength(count);
    expect(relay.givenUp() - before).toBeGreaterThan(count / 10);
  });

  it('is told of a commit that was given up, and never asked to commit nothing', async () => {
    const { store } = await openContentious();
    let refused = 0;
    for (let index = 0; index < count; index += 1) {
      const work = store.db.transaction().execute((db) =>
        db
          .insertInto('sessions')
          .values({ session_hash: `s${index}`, created_at: 1, expires_at: 1 })
          .execute(),
      );
      await work.catch(() => {
        refused += 1;
      });
    }
    expect(refused).toBeGreaterThan(0);
    expect(await store.db.selectFrom('sessions').selectAll().execute()).toHaveLength(count - refused);
  });
});
