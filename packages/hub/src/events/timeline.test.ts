import type { HubEvent, Page } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  comeBack,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  openSignIn,
  signIn,
} from '../connections/testing/create-connection-hub.ts';
import { traceId } from '../connections/testing/entra-answers.ts';
import { clientId, clientSecret, tenantId } from '../connections/testing/scripted-microsoft.ts';
import { millisecondsPerDay } from '../ground/durations.ts';
import { testEngines } from '../testing/test-database.ts';
import { recordEvent } from './record-event.ts';
import { removeOldEvents } from './remove-old-events.ts';

describe.each(testEngines)('the timeline of a connection on %s', (engine) => {
  let hub: ConnectionHub;
  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
  });
  afterEach(() => hub.close());

  async function read(id: string, query: Record<string, string> = {}): Promise<Page<HubEvent>> {
    const answer = await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/events`, query });
    expect(answer.statusCode).toBe(200);
    return answer.json<Page<HubEvent>>();
  }
  /** Of kinds that the person's own doing makes. */
  const doings = 'created,changed,disabled,enabled,deleted,signed_in,sign_in_failed';
  const kinds = async (id: string) => (await read(id, { kind: doings })).items.map(({ kind }) => kind);
  const change = (id: string, payload: object) =>
    hub.inject({ method: 'PATCH', url: `/api/v1/connections/${id}`, payload });
  const happen = (id: string, summary: string) =>
    recordEvent(hub.context.store.db, hub.context, {
      subject: { kind: 'connection', id },
      kind: 'changed',
      summary,
    });

  it('tells who made a connection and who signed in, the newest first', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    hub.clock.advance(1000);
    await signIn(hub, id);
    const { items } = await read(id, { kind: doings });
    expect(items).toMatchObject([
      { kind: 'signed_in', facts: { user: 'alice@contoso.example' }, happenedAt: '2026-11-02T09:00:01.000Z' },
      { kind: 'created', facts: { by: expect.stringMatching(/^api_key:/), method: 'sign_in' } },
    ]);
  });

  it('tells of a sign-in that came to nothing, with Microsoft’s code and trace id (lesson 3)', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    await comeBack(hub, await openSignIn(hub, id), { code: 'another-code' });
    const [event] = (await read(id, { kind: 'sign_in_failed' })).items;
    expect(event?.failure).toMatchObject({
      remote: { code: 'AADSTS54005', traceId },
      remedy: expect.any(String),
    });
  });

  it('names the settings that were changed, and never a secret', async () => {
    const { id } = await makeManualConnection(hub);
    await change(id, { name: 'Sales', requestTimeoutSeconds: 20, clientSecret: 'another-secret-value' });
    const page = await read(id, { kind: 'changed' });
    expect(page.items).toMatchObject([
      { summary: 'Changed: name, client secret.', facts: { settings: 'name, clientSecret' } },
    ]);
    expect(JSON.stringify(page)).not.toContain('another-secret-value');
  });

  it('tells what its registration’s secret does to it from when it was made, in order with its own, page by page', async () => {
    const payload = { kind: 'adopted', name: 'Kept app', tenantId, clientId, clientSecret };
    const registered = await hub.inject({ method: 'POST', url: '/api/v1/registrations', payload });
    const registrationId = registered.json<{ id: string }>().id;
    const alarm = (kind: 'secret_refused' | 'secret_accepted' | 'renamed') =>
      recordEvent(hub.context.store.db, hub.context, {
        subject: { kind: 'registration', id: registrationId },
        kind: kind === 'renamed' ? 'changed' : kind,
        summary: kind,
      });
    await alarm('secret_refused');
    hub.clock.advance(1000);
    const { id } = await makeConnection(hub, { method: 'sign_in', clientId: undefined, registrationId });
    for (const kind of ['secret_refused', 'renamed', 'secret_accepted'] as const) {
      hub.clock.advance(1000);
      await alarm(kind);
      hub.clock.advance(1);
      await happen(id, `after ${kind}`);
    }
    const told = [
      'after secret_accepted',
      'secret_accepted',
      'after renamed',
      'after secret_refused',
      'secret_refused',
    ];
    const { items } = await read(id, { kind: 'changed,secret_refused,secret_accepted' });
    expect(items.map(({ summary }) => summary)).toEqual(told);
    expect((await read(id, { kind: 'secret_refused' })).items).toHaveLength(1);
    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<HubEvent> = await read(id, {
        kind: 'changed,secret_refused,secret_accepted',
        limit: '1',
        ...(cursor === '' ? {} : { cursor }),
      });
      pages.push(...page.items.map(({ summary }) => summary));
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(told);
    await hub.inject({ method: 'DELETE', url: `/api/v1/connections/${id}` });
    expect((await read(id, { kind: 'secret_refused' })).items).toEqual([]);
  });

  it('tells of no change where a setting stays what it was', async () => {
    const { id } = await makeManualConnection(hub);
    await change(id, { requestTimeoutSeconds: 20, disabled: false });
    expect(await kinds(id)).toEqual(['created']);
  });

  it('tells that a connection was disabled, enabled and deleted, and keeps that when it is gone', async () => {
    const { id } = await makeManualConnection(hub);
    await change(id, { disabled: true });
    await change(id, { disabled: false });
    await hub.inject({ method: 'DELETE', url: `/api/v1/connections/${id}` });
    expect(await kinds(id)).toEqual(['deleted', 'enabled', 'disabled', 'created']);
    expect((await read(id, { kind: 'enabled', limit: '1' })).items).toHaveLength(1);
    expect((await read(id, { kind: 'sign_in_failed' })).items).toEqual([]);
  });

  it('knows nothing of a connection that never was', async () => {
    const answer = await hub.inject({ method: 'GET', url: '/api/v1/connections/none/events' });
    expect(answer.json()).toMatchObject({ status: 404, code: 'connection_not_found' });
  });

  it('refuses a kind that is none', async () => {
    const { id } = await makeManualConnection(hub);
    const url = `/api/v1/connections/${id}/events?kind=created,exploded`;
    expect((await hub.inject({ method: 'GET', url })).statusCode).toBe(422);
  });

  it('keeps the order of what happens within a millisecond, page by page', async () => {
    const { id } = await makeManualConnection(hub);
    hub.clock.advance(5000);
    const summaries = ['one', 'two', 'three', 'four', 'five'];
    for (const summary of summaries) await happen(id, summary);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<HubEvent> = await read(id, { limit: '2', kind: 'changed', ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ summary }) => summary));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(summaries.toReversed());
  });

  it('goes on behind the last one of a page where several processes recorded within a millisecond', async () => {
    const { id } = await makeManualConnection(hub);
    const { db } = hub.context.store;
    hub.clock.advance(5000);
    await happen(id, 'first');
    const row = await db
      .selectFrom('events')
      .selectAll()
      .where('summary', '=', 'first')
      .executeTakeFirstOrThrow();
    for (const other of ['0', '1', '2', '3'])
      await db
        .insertInto('events')
        .values({ ...row, id: other })
        .execute();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<HubEvent> = await read(id, { limit: '2', kind: 'changed', ...(cursor && { cursor }) });
      seen.push(...page.items.map((event) => event.id));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(new Set(['0', '1', '2', '3', row.id]));
  });

  it('has what several notice at once once, and of another kind another time', async () => {
    const { id } = await makeManualConnection(hub);
    const notice = (kind: 'changed' | 'enabled', onceAs: string) =>
      recordEvent(hub.context.store.db, hub.context, {
        subject: { kind: 'connection', id },
        kind,
        summary: onceAs,
        onceAs,
      });
    await notice('changed', 'a');
    await notice('changed', 'a');
    await notice('changed', 'b');
    await notice('enabled', 'a');
    const { items } = await read(id, { kind: 'changed,enabled' });
    expect(items.map(({ kind, summary }) => `${kind} ${summary}`)).toEqual([
      'enabled a',
      'changed b',
      'changed a',
    ]);
  });

  it('is not drawn ahead by an event of a clock that went wrong', async () => {
    const { id } = await makeManualConnection(hub);
    hub.clock.advance(millisecondsPerDay);
    await happen(id, 'of a wrong clock');
    hub.clock.advance(-millisecondsPerDay + 5000);
    await happen(id, 'of a right one');
    const [first, second] = (await read(id, { kind: 'changed' })).items;
    expect([first?.summary, second?.happenedAt]).toEqual(['of a wrong clock', '2026-11-02T09:00:05.000Z']);
  });

  it('shows a damaged event as such, and the others as ever', async () => {
    const { id } = await makeManualConnection(hub);
    await happen(id, 'whole');
    await hub.context.store.db
      .updateTable('events')
      .set({ facts: 'nonsense' })
      .where('subject_id', '=', id)
      .where('kind', '=', 'created')
      .execute();
    expect((await read(id, { kind: 'created,changed' })).items).toMatchObject([
      { summary: 'whole', failure: null },
      { kind: 'created', failure: { code: 'stored_data_damaged' } },
    ]);
  });

  it('lets events go that are older than they are kept, in whatever number', async () => {
    const { id } = await makeManualConnection(hub);
    const row = await hub.context.store.db
      .selectFrom('events')
      .selectAll()
      .where('subject_id', '=', id)
      .where('kind', '=', 'created')
      .executeTakeFirstOrThrow();
    const old = Array.from({ length: 1200 }, (_, index) => ({ ...row, id: `old-${index}` }));
    for (let from = 0; from < old.length; from += 300)
      await hub.context.store.db
        .insertInto('events')
        .values(old.slice(from, from + 300))
        .execute();
    hub.clock.advance(90 * millisecondsPerDay);
    await happen(id, 'of today');
    expect(await removeOldEvents(hub.context)).toBe(0);
    hub.clock.advance(5000);
    expect(await removeOldEvents(hub.context)).toBeGreaterThanOrEqual(1201);
    expect((await read(id)).items.map(({ summary }) => summary)).toEqual(['of today']);
  });

  it('ends between two batches when the hub closes', async () => {
    await makeManualConnection(hub);
    hub.clock.advance(91 * millisecondsPerDay);
    expect(await removeOldEvents(hub.context, AbortSignal.abort())).toBe(0);
  });
});
