import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeEndedSessions } from '../access/remove-ended-sessions.ts';
import { removeEndedSignIns } from '../sign-ins/remove-ended-sign-ins.ts';
import { removeEndedRows } from '../store/remove-ended-rows.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { testEngines } from '../testing/test-database.ts';

const day = 24 * 3_600_000;

describe.each(testEngines)('rows whose time is over on %s', (engine) => {
  let hub: TestHub;

  beforeEach(async () => {
    hub = await createTestHub({ engine });
  });
  afterEach(async () => {
    await hub.close();
  });

  it('are removed to the millisecond, and no living one with them', async () => {
    const { db } = hub.context.store;
    const now = hub.clock.now();
    const common = { purpose: 'p', subject_id: 's' };
    for (const [name, expires_at] of [
      ['over', now],
      ['alive', now + 1],
    ] as const) {
      await db
        .insertInto('sign_in_tickets')
        .values({ ticket_hash: name, ...common, expires_at })
        .execute();
      await db.insertInto('sessions').values({ session_hash: name, created_at: 0, expires_at }).execute();
      await db.insertInto('entry_codes').values({ code_hash: name, expires_at }).execute();
      await db
        .insertInto('authorizations')
        .values({
          state_hash: name,
          ...common,
          sealed_code_verifier: '',
          browser_hash: '',
          redirect_uri: '',
          created_at: 0,
          // Used ones are told "already done" for a day.
          expires_at: expires_at - day,
        })
        .execute();
    }
    await removeEndedSignIns(hub.context);
    await removeEndedSessions(hub.context);
    expect(await db.selectFrom('sign_in_tickets').select('ticket_hash').execute()).toEqual([
      { ticket_hash: 'alive' },
    ]);
    expect(await db.selectFrom('authorizations').select('state_hash').execute()).toEqual([
      { state_hash: 'alive' },
    ]);
    expect(await db.selectFrom('sessions').select('session_hash').execute()).toEqual([
      { session_hash: 'alive' },
    ]);
    expect(await db.selectFrom('entry_codes').select('code_hash').execute()).toEqual([
      { code_hash: 'alive' },
    ]);
  });

  it('are removed some at a time, all of them, or until the hub closes', async () => {
    const { db } = hub.context.store;
    const rows = Array.from({ length: 1200 }, (_, index) => ({
      code_hash: `code-${index}`,
      expires_at: index,
    }));
    for (let from = 0; from < rows.length; from += 100)
      await db
        .insertInto('entry_codes')
        .values(rows.slice(from, from + 100))
        .execute();
    const ended = { table: 'entry_codes', key: 'code_hash', endColumn: 'expires_at' } as const;
    const closed = AbortSignal.abort();
    expect(await removeEndedRows(hub.context.store, { ...ended, before: 1000 }, closed)).toBe(0);
    expect(await removeEndedRows(hub.context.store, { ...ended, before: 1000 })).toBe(1001);
    expect(await db.selectFrom('entry_codes').select('code_hash').execute()).toHaveLength(199);
  });
});
