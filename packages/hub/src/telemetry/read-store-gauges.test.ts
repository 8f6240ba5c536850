import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../ground/random.ts';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { storeConnections } from '../testing/store-connections.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { readStoreGauges } from './read-store-gauges.ts';

const clock = createTestClock();

async function openWith(engine: (typeof testEngines)[number], count: number) {
  const store = await openTestStore(await makeStorePlace(engine));
  const connections = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    provider: 'dynamics-365',
    name: 'x',
    description: '',
    method: 'manual' as const,
    environment_url: 'https://x.crm.dynamics.com',
    client_id: 'x',
    endpoint_version: 'v2' as const,
    request_timeout_seconds: 1,
    disabled: 0,
    failed_tries: 0,
    state: index % 4 === 0 ? ('failing' as const) : ('ready' as const),
    created_at: index,
    updated_at: 1,
  }));
  for (let begin = 0; begin < count; begin += 500) {
    await store.db
      .insertInto('connections')
      .values(connections.slice(begin, begin + 500))
      .execute();
  }
  return store;
}

describe.each(testEngines)('figures of the database on %s', (engine) => {
  it.each([0, 1, 999])('are exact for %i connections', async (count) => {
    const store = await openWith(engine, count);
    const { connectionsByState } = await readStoreGauges({ store, clock, random: systemRandom });
    const failing = Math.ceil(count / 4);
    expect([connectionsByState.get('failing') ?? 0, connectionsByState.get('ready') ?? 0]).toEqual([
      failing,
      count - failing,
    ]);
  });

  it.each(['00', '7f', 'ff'])('are estimated for many, wherever the sample begins: %s…', async (byte) => {
    const store = await openWith(engine, 6_000);
    const random = { bytes: (size: number) => Buffer.alloc(size, byte, 'hex') };
    const { connectionsByState } = await readStoreGauges({ store, clock, random });
    const ready = connectionsByState.get('ready') ?? 0;
    const failing = connectionsByState.get('failing') ?? 0;
    // Six times the deviation that chance gives.
    expect(Math.abs(ready + failing - 6_000)).toBeLessThan(6_000 * 0.2);
    expect(Math.abs(failing / (ready + failing) - 0.25)).toBeLessThan(0.09);
  });

  it('count what is due up to ten thousand, however much there is', async () => {
    const store = await openWith(engine, 0);
    await storeConnections(store, { count: 12_000, now: clock.now() - 25 * 3_600_000 });
    const { work } = await readStoreGauges({ store, clock, random: systemRandom });
    expect([work.due, work.dueWithinHour]).toEqual([10_000, 10_000]);
    // The first of them fell due within seconds of a day and an hour ago.
    expect(Math.round(work.longestOverdue / 3_600_000)).toBe(25);
  });

  it('name the registrations whose secrets end first, those that are at work', async () => {
    const store = await openWith(engine, 0);
    const add = async (id: string, days: number | null, state = 'ready') => {
      const endsAt = days === null ? null : clock.now() + days * 86_400_000;
      // What later versions have added has defaults.
      await sql`
        insert into registrations (id, kind, name, state, sign_in_audience, redirect_uri, authority_tenant,
          admin_consent_granted, secret_lifetime_days, administrator_sign_in, steps, version, lease_until,
          created_at, updated_at, client_secret_ends_at)
        values (${id}, 'created', 'x', ${state}, 'AzureADMyOrg', 'x', 'x', 0, 1, 'browser', '[]', 1, 0, 1, 1, ${endsAt})
      `.execute(store.db);
    };
    await add('late', 90);
    await add('ended', -2);
    await add('none', null);
    await add('gone', 1, 'undone');
    const { secrets } = await readStoreGauges({ store, clock, random: systemRandom });
    expect(secrets).toEqual([
      { registrationId: 'ended', daysLeft: -2 },
      { registrationId: 'late', daysLeft: 90 },
    ]);
  });
});
