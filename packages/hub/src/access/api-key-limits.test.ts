import { type ApiKey, type CreateApiKey, type CreatedApiKey, type Scope, scopes } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { damageRow } from '../testing/damage-row.ts';
import { storeConnections, storedConnectionId } from '../testing/store-connections.ts';
import { testEngines } from '../testing/test-database.ts';
import { createApiKey } from './create-api-key.ts';

const url = '/api/v1/api-keys';
const hour = 3_600_000;
let hub: TestHub;

afterEach(() => hub.close());

/** Asks for a key, as the key of the tests or as another. */
const ask = (payload: object, key = hub.apiKey) =>
  hub.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${key}` } });

async function make(body: Omit<CreateApiKey, 'name'>): Promise<CreatedApiKey> {
  const answer = await ask({ name: 'limited', ...body });
  expect(answer.statusCode).toBe(201);
  return answer.json<CreatedApiKey>();
}

const call = (key: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', address: string, payload?: object) =>
  hub.app.inject({
    method,
    url: address,
    headers: { authorization: `Bearer ${key}` },
    ...(payload === undefined ? {} : { payload }),
  });

const rotate = (id: string, body?: object, key = hub.apiKey) =>
  call(key, 'POST', `${url}/${id}/rotate`, body);

async function shown(id: string): Promise<ApiKey | undefined> {
  const { items } = (await hub.inject({ url })).json<{ items: ApiKey[] }>();
  return items.find((key) => key.id === id);
}

describe.each(testEngines)('what an API key may do, on %s', (engine) => {
  beforeEach(async () => {
    hub = await createTestHub({ engine });
  });

  it('is what it was made for, with what that implies', async () => {
    const made = await make({ scopes: ['connections:write', 'connections:proxy'] });
    const implied = ['connections:read', 'connections:write', 'connections:proxy-read', 'connections:proxy'];
    expect(made.scopes).toEqual(implied);
    expect((await shown(made.id))?.scopes).toEqual(implied);
    expect((await call(made.key, 'GET', '/api/v1/session')).json()).toEqual({
      authenticated: true,
      kind: 'api_key',
      expiresAt: null,
      scopes: implied,
      connectionIds: null,
    });
  });

  it('ends with its scopes: the answer names the one that is missing, to programs too', async () => {
    const { key } = await make({ scopes: ['connections:read'] });
    expect((await call(key, 'GET', '/api/v1/connections')).statusCode).toBe(200);
    const refused = await call(key, 'POST', '/api/v1/connections', {});
    expect(refused.statusCode).toBe(403);
    expect(refused.headers['www-authenticate']).toBe(
      'Bearer error="insufficient_scope", scope="connections:write"',
    );
    expect(refused.json()).toMatchObject({
      code: 'scope_missing',
      detail: 'This API key lacks the scope connections:write.',
    });
  });

  it('is remembered as it is looked up: refused the second time, too', async () => {
    const { key } = await make({ scopes: ['hub:read'] });
    for (const _time of [1, 2]) {
      expect((await call(key, 'GET', '/api/v1/connections')).json()).toMatchObject({ code: 'scope_missing' });
    }
  });

  it('is all for a key of a time before scopes', async () => {
    const { row, key } = await createApiKey(hub.context, { name: 'old' });
    expect(row).toMatchObject({ scopes: null, connection_ids: null, expires_at: null });
    expect((await shown(row.id))?.scopes).toEqual(scopes);
    expect((await call(key, 'GET', url)).statusCode).toBe(200);
  });

  it('is never more than whoever makes it may do', async () => {
    const { key } = await make({ scopes: ['api-keys:write', 'connections:proxy'] });
    const wider = await ask({ name: 'wider', scopes: ['connections:proxy', 'connections:token'] }, key);
    expect(wider.statusCode).toBe(403);
    expect(wider.json()).toMatchObject({
      code: 'scope_missing',
      detail: expect.stringContaining('connections:token'),
    });
    const same = await ask({ name: 'same' }, key);
    const all = ['connections:proxy-read', 'connections:proxy', 'api-keys:read', 'api-keys:write'];
    expect(same.json<CreatedApiKey>().scopes).toEqual(all);
  });

  it.each<[object, string]>([
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['connections:fly'] }, 'scopes.0'],
    [{ connectionIds: [] }, 'connectionIds'],
    [{ connectionIds: ['none'] }, 'connectionIds.0'],
    [{ expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ scope: ['hub:read'] }, ''],
  ])('can’t be %j', async (body, path) => {
    const answer = await ask({ name: 'odd', ...body });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([expect.objectContaining({ path })]);
  });

  it('is with its connections only, whether others are there or not, and lists no others', async () => {
    await storeConnections(hub.context.store, { count: 2, now: hub.clock.now() });
    const [mine, other] = [storedConnectionId(1), storedConnectionId(2)];
    const { key, scopes: granted } = await make({ connectionIds: [mine] });
    expect(granted.every((scope) => scope.startsWith('connections:'))).toBe(true);
    expect((await call(key, 'GET', `/api/v1/connections/${mine}`)).statusCode).toBe(200);
    for (const id of [other, 'none']) {
      const refused = await call(key, 'GET', `/api/v1/connections/${id}`);
      expect(refused.statusCode).toBe(403);
      expect(refused.json()).toMatchObject({ code: 'api_key_limited' });
    }
    const { items } = (await call(key, 'GET', '/api/v1/connections')).json<{ items: { id: string }[] }>();
    expect(items.map(({ id }) => id)).toEqual([mine]);
    expect((await call(key, 'POST', '/api/v1/connections', {})).json()).toMatchObject({
      code: 'api_key_limited',
    });
    expect((await call(key, 'GET', '/api/v1/settings')).statusCode).toBe(200);
    expect((await call(key, 'GET', '/api/v1/session')).json()).toMatchObject({ connectionIds: [mine] });
  });

  it.each<Scope>(['registrations:read', 'api-keys:write', 'hub:read'])(
    'can’t be %s where it is for certain connections',
    async (scope) => {
      await storeConnections(hub.context.store, { count: 1, now: hub.clock.now() });
      const connectionId = storedConnectionId(1);
      const answer = await ask({
        name: 'odd',
        scopes: ['connections:read', scope],
        connectionIds: [connectionId],
      });
      expect(answer.statusCode).toBe(422);
      expect(answer.json().errors).toEqual([
        {
          path: 'scopes',
          message: expect.stringContaining(
            `can’t have ${scope === 'api-keys:write' ? 'api-keys:read, api-keys:write' : scope}.`,
          ),
        },
      ]);
    },
  );

  it('ends with the key, to the millisecond', async () => {
    const end = hub.clock.now() + hour;
    const { id, key } = await make({ expiresAt: new Date(end).toISOString() });
    expect((await shown(id))?.expiresAt).toBe(new Date(end).toISOString());
    hub.clock.advance(hour - 1);
    expect((await call(key, 'GET', '/api/v1/settings')).statusCode).toBe(200);
    hub.clock.advance(1);
    const refused = await call(key, 'GET', '/api/v1/settings');
    expect(refused.statusCode).toBe(401);
    expect(refused.json()).toMatchObject({ code: 'api_key_expired', whoActs: 'developer' });
    expect((await shown(id))?.state).toBe('expired');
    await call(hub.apiKey, 'DELETE', `${url}/${id}`);
    expect((await shown(id))?.state).toBe('revoked');
  });
});

describe.each(testEngines)('a key that comes in another’s place, on %s', (engine) => {
  beforeEach(async () => {
    hub = await createTestHub({ engine });
  });

  it('may do the same for as long; the other goes on beside it for a while', async () => {
    await storeConnections(hub.context.store, { count: 1, now: hub.clock.now() });
    const connectionId = storedConnectionId(1);
    const old = await make({
      scopes: ['connections:token'],
      connectionIds: [connectionId],
      expiresAt: new Date(hub.clock.now() + 100 * hour).toISOString(),
    });
    hub.clock.advance(10 * hour);
    const answer = await rotate(old.id, { overlapHours: 2 });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const made = answer.json<CreatedApiKey>();
    expect(made).toMatchObject({
      name: 'limited',
      scopes: ['connections:token'],
      connectionIds: [connectionId],
      expiresAt: new Date(hub.clock.now() + 100 * hour).toISOString(),
      replacedBy: null,
    });
    expect(made.key).not.toBe(old.key);
    expect(await shown(old.id)).toMatchObject({
      expiresAt: new Date(hub.clock.now() + 2 * hour).toISOString(),
      replacedBy: made.id,
    });
    const session = async (key: string) => (await call(key, 'GET', '/api/v1/session')).json();
    hub.clock.advance(2 * hour - 1);
    expect([await session(old.key), await session(made.key)]).toMatchObject([
      { authenticated: true },
      { authenticated: true },
    ]);
    hub.clock.advance(1);
    expect([await session(old.key), await session(made.key)]).toMatchObject([
      { authenticated: false },
      { authenticated: true },
    ]);
  });

  it('leaves the other a day unless told otherwise, and never longer than it had', async () => {
    const [forever, brief] = [
      await make({}),
      await make({ expiresAt: new Date(hub.clock.now() + hour).toISOString() }),
    ];
    await rotate(forever.id);
    await rotate(brief.id);
    expect((await shown(forever.id))?.expiresAt).toBe(new Date(hub.clock.now() + 24 * hour).toISOString());
    expect((await shown(brief.id))?.expiresAt).toBe(brief.expiresAt);
  });

  it('can end the other at once, though it is remembered', async () => {
    const old = await make({});
    expect((await call(old.key, 'GET', '/api/v1/settings')).statusCode).toBe(200);
    const made = (await rotate(old.id, { overlapHours: 0 })).json<CreatedApiKey>();
    expect((await call(old.key, 'GET', '/api/v1/settings')).json()).toMatchObject({
      code: 'api_key_expired',
    });
    expect(made.expiresAt).toBeNull();
  });

  it('is one, though two ask at once', async () => {
    const { id } = await make({});
    const answers = await Promise.all([rotate(id), rotate(id), rotate(id)]);
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect((await rotate(id)).json()).toMatchObject({ code: 'api_key_not_active' });
    const { items } = (await hub.inject({ url })).json<{ items: ApiKey[] }>();
    expect(items.filter(({ name }) => name === 'limited')).toHaveLength(2);
  });

  it('comes in no place of one that was revoked, has ended, or is not there', async () => {
    const [revoked, ended] = [
      await make({}),
      await make({ expiresAt: new Date(hub.clock.now() + hour).toISOString() }),
    ];
    await call(hub.apiKey, 'DELETE', `${url}/${revoked.id}`);
    hub.clock.advance(hour);
    expect((await rotate(revoked.id)).json()).toMatchObject({ code: 'api_key_not_active' });
    expect((await rotate(ended.id)).json()).toMatchObject({ code: 'api_key_not_active' });
    expect((await rotate('none')).json()).toMatchObject({ code: 'api_key_not_found' });
  });

  it('is not made by a key that may do less', async () => {
    const strong = await make({});
    const { key } = await make({ scopes: ['api-keys:write'] });
    const refused = await rotate(strong.id, {}, key);
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'scope_missing' });
    expect((await shown(strong.id))?.replacedBy).toBeNull();
  });

  it.each([{ overlapHours: -1 }, { overlapHours: 721 }, { overlapHours: 1.5 }, { overlap: 1 }])(
    'is not made for %j',
    async (body) => {
      const { id } = await make({});
      expect((await rotate(id, body)).statusCode).toBe(422);
    },
  );

  it('is not made of what can’t be read', async () => {
    const { id } = await make({});
    await damageRow(hub, 'api_keys', { id }, { scopes: 'nonsense' });
    expect((await rotate(id)).json()).toMatchObject({ code: 'stored_data_damaged' });
    expect(await shown(id)).toMatchObject({ scopes: [], connectionIds: [], failure: expect.anything() });
  });
});
