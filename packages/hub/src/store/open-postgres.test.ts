import { once } from 'node:events';
import { createServer } from 'node:net';
import { sql } from 'kysely';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRelay } from '../testing/open-relay.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { startPooler } from '../testing/start-pooler.ts';
import { createTestDatabase } from '../testing/test-database.ts';
import { inTransaction } from './in-transaction.ts';
import { isStoreUnavailable } from './is-store-unavailable.ts';
import { openPostgres } from './open-postgres.ts';
import { servingLimits } from './postgres-pool.ts';

describe('PostgreSQL', () => {
  it('that does not answer is unreachable, and the password is not told', async () => {
    const failure = await openPostgres('postgres://latchkey:secret-word@127.0.0.1:9/hub').catch(String);
    expect(failure).toContain('127.0.0.1:9/hub');
    expect(failure).toContain('ECONNREFUSED');
    expect(failure).not.toContain('secret-word');
  });

  it('without such a database refuses', async () => {
    const url = new URL(await createTestDatabase());
    url.pathname = '/missing';
    await expect(openPostgres(url.href)).rejects.toMatchObject({
      code: 'database_refused',
      message: expect.stringContaining('"missing" does not exist'),
    });
  });

  it('whose connections are cut is unavailable for that query and there again soon after', async () => {
    const store = await openPostgres(await createTestDatabase());
    const cut = sql`select pg_terminate_backend(pg_backend_pid())`.execute(store.db);
    expect(await cut.catch(isStoreUnavailable)).toBe(true);
    await expect
      .poll(() => sql`select 1 as one`.execute(store.db).catch(String))
      .toMatchObject({ rows: [{ one: 1 }] });
    await store.close();
  });
});

describe('a connection to PostgreSQL that falls silent', () => {
  /** Short, as the test waits for it. */
  const query_timeout = 300;

  async function openBehindRelay() {
    const relay = await openRelay(await createTestDatabase());
    onTestFinished(() => relay.close());
    const store = await openPostgres(relay.url, { query_timeout });
    onTestFinished(() => store.close());
    return { relay, store, ask: () => sql<{ one: number }>`select 1 as one`.execute(store.db) };
  }

  it('is given up for that query, and the next one has another connection', async () => {
    const { relay, ask } = await openBehindRelay();
    await ask();
    relay.hush();
    expect(await ask().catch(isStoreUnavailable)).toBe(true);
    expect(await ask()).toMatchObject({ rows: [{ one: 1 }] });
  });

  it('takes a transaction along without waiting for its end, too', async () => {
    const { relay, store, ask } = await openBehindRelay();
    let failedAt = 0;
    const work = store.db.transaction().execute(async (db) => {
      relay.hush();
      await sql`select 1`.execute(db).catch((error: unknown) => {
        failedAt = performance.now();
        throw error;
      });
    });
    expect(await work.catch(isStoreUnavailable)).toBe(true);
    expect(performance.now() - failedAt).toBeLessThan(query_timeout);
    expect(await ask()).toMatchObject({ rows: [{ one: 1 }] });
  });

  it('keeps nobody from closing, nor the process from ending', async () => {
    const open = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    const { relay, store, ask } = await openBehindRelay();
    await ask();
    relay.hush();
    const before = open();
    expect(await store.close()).toBeUndefined();
    // The relay keeps its own two ends of it.
    await expect.poll(open).toBe(before - 1);
  });

  it('from the beginning on is unreachable, within seconds', async () => {
    const silent = createServer(() => undefined);
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const beganAt = performance.now();
    await expect(openPostgres(`postgres://127.0.0.1:${port}/hub`)).rejects.toMatchObject({
      code: 'database_unreachable',
    });
    expect(performance.now() - beganAt).toBeLessThan(10_000);
  });
});

describe('a connection to PostgreSQL', () => {
  async function open() {
    const store = await openPostgres(await createTestDatabase());
    onTestFinished(() => store.close());
    const processId = async (db = store.db) => {
      const { rows } = await sql<{ id: number }>`select pg_backend_pid() as id`.execute(db);
      return rows[0]?.id;
    };
    return { store, processId };
  }

  it('to a server that is no primary any more is not used again', async () => {
    const { store, processId } = await open();
    await sql`create table written (one integer)`.execute(store.db);
    const before = await processId();
    const refused = store.db.transaction().execute(async (db) => {
      await sql`set transaction read only`.execute(db);
      await sql`insert into written values (1)`.execute(db);
    });
    expect(await refused.catch(isStoreUnavailable)).toBe(true);
    expect(await processId()).not.toBe(before);
  });

  it('is used again after a statement that was wrong', async () => {
    const { store, processId } = await open();
    const before = await processId();
    await expect(sql`select nothing from nowhere`.execute(store.db)).rejects.toThrow('nowhere');
    expect(await processId()).toBe(before);
  });

  it('never makes a commit again that was given up: it would succeed, and have stored nothing', async () => {
    const { store } = await open();
    for (const statement of [
      'create table written (one integer)',
      `create function give_up() returns trigger language plpgsql as
        $$ begin raise exception 'given up' using errcode = '40001'; end $$`,
      `create constraint trigger at_commit after insert on written deferrable initially deferred
        for each row execute function give_up()`,
    ])
      await sql.raw(statement).execute(store.db);
    const written = store.db.transaction().execute((db) => sql`insert into written values (1)`.execute(db));
    await expect(written).rejects.toMatchObject({ code: '40001' });
  });
});

describe('the limits of a hub that serves', () => {
  it('are the server’s, too', async () => {
    const store = await openPostgres(await createTestDatabase());
    onTestFinished(() => store.close());
    const show = async (name: string) => {
      const { rows } = await sql<Record<string, string>>`show ${sql.raw(name)}`.execute(store.db);
      return rows[0]?.[name];
    };
    expect(await show('statement_timeout')).toBe('5s');
    expect(await show('idle_in_transaction_session_timeout')).toBe('10s');
    expect(servingLimits.query_timeout).toBe(7_000);
  });

  it('end a statement that takes long as what passes', async () => {
    const store = await openPostgres(await createTestDatabase(), { statement_timeout: 50 });
    onTestFinished(() => store.close());
    expect(await sql`select pg_sleep(60)`.execute(store.db).catch(isStoreUnavailable)).toBe(true);
  });

  it('are what the address says where it says so', async () => {
    const store = await openPostgres(`${await createTestDatabase()}?statement_timeout=30000`);
    onTestFinished(() => store.close());
    const { rows } = await sql`show statement_timeout`.execute(store.db);
    expect(rows).toEqual([{ statement_timeout: '30s' }]);
  });
});

describe('behind PgBouncer in transaction mode', () => {
  it('a setting and a prepared statement of a session are lost, as here', async () => {
    const pooler = await startPooler(await createTestDatabase());
    onTestFinished(() => pooler.close());
    const client = new pg.Client({ connectionString: pooler.url });
    await client.connect();
    await client.query("set application_name = 'mine'");
    const named = { name: 'of-a-session', text: 'select 1' };
    const { rows } = await client.query('show application_name');
    expect(rows).not.toEqual([{ application_name: 'mine' }]);
    await client.query(named);
    await expect(client.query(named)).rejects.toThrow('prepared statement "of-a-session" does not exist');
    await client.end();
  });

  it('the hub makes its tables and works, with its limits where the pooler lets them through', async () => {
    const pooler = await startPooler(await createTestDatabase());
    onTestFinished(() => pooler.close());
    const store = await openTestStore({ databaseUrl: pooler.url, dataFolder: '/nowhere' });
    const add = (name: string) =>
      inTransaction(store, async (db) => {
        const before = await db.selectFrom('sessions').select('session_hash').execute();
        await db
          .insertInto('sessions')
          .values({ session_hash: name, created_at: before.length, expires_at: 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 30 }, (_, index) => add(`session-${index}`)));
    expect(await store.db.selectFrom('sessions').selectAll().execute()).toHaveLength(30);
  });

  it('keeps the limit that is the driver’s own', async () => {
    const pooler = await startPooler(await createTestDatabase());
    onTestFinished(() => pooler.close());
    const store = await openPostgres(pooler.url, { ...servingLimits, query_timeout: 200 });
    onTestFinished(() => store.close());
    await expect(sql`select pg_sleep(5)`.execute(store.db)).rejects.toThrow('Query read timeout');
  });
});
