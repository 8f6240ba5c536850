import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../testing/test-database.ts';
import { isStoreUnavailable } from './is-store-unavailable.ts';
import { openPostgres } from './open-postgres.ts';

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
