import { describe, expect, it, onTestFinished } from 'vitest';
import { removeEndedSessions } from '../access/remove-ended-sessions.ts';
import { proveConnection } from '../connections/prove-connection.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { claimWork, finishWork, giveBackWork, nextDueAt, renewClaims } from '../due-work/claim-work.ts';
import { removeOldEvents } from '../events/remove-old-events.ts';
import { removeOldProcesses } from '../keeper/keeper-processes.ts';
import { removeEndedSignIns } from '../sign-ins/remove-ended-sign-ins.ts';
import { readStoreGauges } from '../telemetry/read-store-gauges.ts';
import { testEngines } from '../testing/test-database.ts';
import { watchQueries } from '../testing/watch-queries.ts';
import { writeUses } from '../tokens/connection-uses.ts';

/** Some of these are made; each is asked for a page at a time. */
const lists = ['connections', 'api-keys', 'registrations'] as const;

describe.each(testEngines)('what the hub asks of %s', (engine) => {
  async function openHub(): Promise<{ hub: ConnectionHub; id: string }> {
    const hub = await createConnectionHub({ engine });
    onTestFinished(() => hub.close());
    const { id } = await makeManualConnection(hub);
    return { hub, id };
  }

  async function ask(hub: ConnectionHub, url: string, method: 'GET' | 'POST' | 'DELETE' = 'GET') {
    const answer = await hub.inject({ method, url: `/api/v1/${url}` });
    if (answer.statusCode >= 300) throw new Error(answer.body);
    return answer;
  }

  it('for a token, a call, a refresh and a proof goes by keys', async () => {
    const { hub, id } = await openHub();
    const explain = watchQueries(hub.context.store);
    await ask(hub, `connections/${id}/token`);
    await writeUses(hub.context);
    await ask(hub, `connections/${id}/refresh`, 'POST');
    await proveConnection(hub.context, id);
    await ask(hub, `connections/${id}`);
    await ask(hub, `connections/${id}/health`);
    await ask(hub, `connections/${id}`, 'DELETE');
    const asked = await explain();
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter(({ scans }) => scans.length > 0)).toEqual([]);
  });

  it('for due work goes through the due times, and no further than asked', async () => {
    const { hub } = await openHub();
    const explain = watchQueries(hub.context.store);
    const kinds = ['connection', 'registration'];
    hub.clock.advance(86_400_000);
    const works = await claimWork(hub.context, { kinds, limit: 32 });
    expect(works).toHaveLength(1);
    await renewClaims(hub.context, works);
    await giveBackWork(hub.context, works);
    for (const work of works) {
      await finishWork(hub.context, work, hub.clock.now());
      await finishWork(hub.context, work, null);
    }
    await nextDueAt(hub.context, kinds);
    await ask(hub, 'keeper');
    const asked = await explain();
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter(({ scans, isLimited }) => scans.length > 0 && !isLimited)).toEqual([]);
    // What is sorted was read before, all that is due. Of a few rows PostgreSQL sorts any.
    const claims = asked.filter(({ sql }) => sql.includes('"free"'));
    expect(claims.map(({ isLimited }) => isLimited || engine === 'postgres')).toEqual([true]);
  });

  it.each(lists)('for a page of %s goes on in the index where the page before ended', async (list) => {
    const { hub, id } = await openHub();
    const explain = watchQueries(hub.context.store);
    await ask(hub, `${list}?limit=1`);
    expect((await explain()).filter(({ scans, isLimited }) => scans.length > 0 && !isLimited)).toEqual([]);
    const cursor = Buffer.from(JSON.stringify([hub.clock.now() + 1, id])).toString('base64url');
    await ask(hub, `${list}?limit=1&cursor=${cursor}`);
    const further = await explain();
    expect(further).not.toEqual([]);
    expect(further.filter(({ scans }) => scans.length > 0)).toEqual([]);
  });

  it('for a timeline goes on in the index where the page before ended', async () => {
    const { hub, id } = await openHub();
    const explain = watchQueries(hub.context.store);
    const first = await ask(hub, `connections/${id}/events?limit=1`);
    await ask(hub, 'events?limit=1');
    expect((await explain()).filter(({ scans }) => scans.length > 0)).toEqual([]);
    const { nextCursor } = first.json<{ nextCursor: string }>();
    await ask(hub, `connections/${id}/events?limit=1&cursor=${nextCursor}`);
    const further = await explain();
    const pages = further.filter(({ sql }) => sql.includes('"events"'));
    expect(pages.map(({ plan }) => plan)).toEqual([
      expect.stringMatching(/\(happened_at,id\)<|Index Cond:.*ROW\(happened_at, id\) </),
    ]);
  });

  it('for what is over, and for the gauges of the metrics, goes through indexes', async () => {
    const { hub } = await openHub();
    const explain = watchQueries(hub.context.store);
    await removeOldEvents(hub.context);
    await removeEndedSessions(hub.context);
    await removeEndedSignIns(hub.context);
    await removeOldProcesses(hub.context);
    await readStoreGauges(hub.context);
    const asked = await explain();
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter(({ scans, isLimited }) => scans.length > 0 && !isLimited)).toEqual([]);
    // A join that is only cut off at its end may begin with the whole of both tables.
    const joins = asked.filter(({ sql }) => sql.includes(' join '));
    expect(joins).not.toEqual([]);
    for (const { sql } of joins) expect(sql.indexOf(' limit ')).toBeLessThan(sql.indexOf(' join '));
  });
});
