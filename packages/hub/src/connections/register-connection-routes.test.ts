import type { Connection } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listPageByPage } from '../testing/list-page-by-page.ts';
import { testEngines } from '../testing/test-database.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  openSignIn,
  showConnection,
} from './testing/create-connection-hub.ts';
import { clientId, clientSecret, tenantId } from './testing/scripted-microsoft.ts';

const root = '/api/v1/connections';

describe.each(testEngines)('the connections’ routes on %s', (engine) => {
  let hub: ConnectionHub;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
  });
  afterEach(() => hub.close());

  it('answer a token that works, and keep it out of caches', async () => {
    const { id, environmentUrl } = await makeManualConnection(hub);
    const answer = await hub.inject({ method: 'GET', url: `${root}/${id}/token` });
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(answer.json()).toEqual({
      accessToken: expect.stringMatching(/^ey/),
      tokenType: 'Bearer',
      expiresAt: '2026-11-02T10:00:00.000Z',
      environmentUrl,
    });
  });

  it('answer the facts of the token, not the token', async () => {
    const { id } = await makeManualConnection(hub);
    const answer = await hub.inject({ method: 'GET', url: `${root}/${id}/token-facts` });
    expect(answer.json()).toEqual({
      audience: hub.microsoft.crm.origin,
      tenantId,
      clientId,
      user: 'alice@contoso.example',
      objectId: '99999999-0000-4000-8000-000000000001',
      scopes: ['user_impersonation'],
      roles: [],
      tokenVersion: '1.0',
      issuedAt: null,
      expiresAt: '2026-11-02T10:00:00.000Z',
      refreshTokenObtainedAt: '2026-11-02T09:00:00.000Z',
      // Of a token that was pasted nobody knows what app it is for.
      refreshTokenEndsAt: '2026-11-03T09:00:00.000Z',
      refreshTokenEndBasis: 'assumed_24_hours',
    });
  });

  it('refresh at once on demand', async () => {
    const { id } = await makeManualConnection(hub);
    hub.clock.advance(1000);
    const answer = await hub.inject({ method: 'POST', url: `${root}/${id}/refresh` });
    expect(answer.json()).toMatchObject({ refreshTokenObtainedAt: '2026-11-02T09:00:01.000Z' });
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it('page through the list, the newest first, whatever is made meanwhile', async () => {
    const names = ['one', 'two', 'three', 'four', 'five'];
    for (const name of names) {
      await makeConnection(hub, { method: 'sign_in', name, tenantId });
      if (name !== 'two') hub.clock.advance(1);
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: Record<string, string> = { limit: '2', ...(cursor && { cursor }) };
      const answer = await hub.inject({ method: 'GET', url: root, query });
      const page: { items: Connection[]; nextCursor: string | null } = answer.json();
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
      await makeConnection(hub, { method: 'sign_in', name: 'meanwhile', tenantId });
    }
    expect(seen.toSorted()).toEqual(names.toSorted());
    expect(seen[0]).toBe('five');
  });

  it('list connections made in one millisecond once each, whatever the page', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await makeConnection(hub, { method: 'sign_in', name });
    const names = await listPageByPage(hub, root);
    expect(names.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('refuse a cursor that is none', async () => {
    const answer = await hub.inject({ method: 'GET', url: root, query: { cursor: 'here' } });
    expect(answer.json()).toMatchObject({ code: 'invalid_body', errors: [{ path: 'cursor' }] });
  });

  it('change what is given and leave the rest', async () => {
    const { id } = await makeManualConnection(hub, { description: 'As it was' });
    const payload = { name: 'Sales', requestTimeoutSeconds: 60, disabled: true };
    const answer = await hub.inject({ method: 'PATCH', url: `${root}/${id}`, payload });
    expect(answer.json()).toMatchObject({
      ...payload,
      description: 'As it was',
      status: { state: 'disabled' },
    });
    const test = await hub.inject({ method: 'POST', url: `${root}/${id}/test` });
    expect(test.json()).toMatchObject({ code: 'connection_disabled', status: 409 });
    await hub.inject({ method: 'PATCH', url: `${root}/${id}`, payload: { disabled: false } });
    expect((await showConnection(hub, id)).status.state).toBe('ready');
  });

  it('replace the secret, keep the connection, and prove it at once', async () => {
    const { id } = await makeConnection(hub, { method: 'client_credentials', clientSecret: 'wrong' });
    const answer = await hub.inject({ method: 'PATCH', url: `${root}/${id}`, payload: { clientSecret } });
    expect(answer.json()).toMatchObject({ id, status: { state: 'ready', failure: null } });
  });

  it('delete a connection with all that belongs to it', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in' });
    await openSignIn(hub, id);
    const answer = await hub.inject({ method: 'DELETE', url: `${root}/${id}` });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    const { db } = hub.context.store;
    for (const table of ['token_sets', 'sign_in_tickets', 'authorizations'] as const) {
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/sign-in'],
    ['POST', '/test'],
    ['POST', '/refresh'],
    ['GET', '/token'],
    ['GET', '/token-facts'],
  ] as const)('say that there is no such connection: %s %s', async (method, action) => {
    const payload = method === 'PATCH' ? { payload: { name: 'x' } } : {};
    const answer = await hub.inject({ method, url: `${root}/unknown${action}`, ...payload });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({
      code: 'connection_not_found',
      remedy: expect.stringContaining('list of connections'),
    });
  });

  it('offer no sign-in where nobody has to sign in', async () => {
    const { id } = await makeConnection(hub, { method: 'client_credentials', clientSecret });
    const answer = await hub.inject({ method: 'POST', url: `${root}/${id}/sign-in` });
    expect(answer.json()).toMatchObject({ code: 'sign_in_not_applicable', status: 409 });
  });
});
