import { scopes } from '@latchkey/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { listPageByPage } from '../testing/list-page-by-page.ts';
import { testEngines } from '../testing/test-database.ts';
import { createEntryLink } from './create-entry-link.ts';
import { enterByLink, entryCodeOf, redeemCode } from './testing/enter-by-link.ts';

const publicUrl = 'http://localhost:4480';
const minute = 60_000;
const hour = 60 * minute;

async function open(...options: Parameters<typeof createTestHub>): Promise<TestHub> {
  const hub = await createTestHub(...options);
  onTestFinished(() => hub.close());
  return hub;
}

const everything = { authenticated: true, scopes, connectionIds: null };
const nobody = { authenticated: false, kind: null, expiresAt: null, scopes: [], connectionIds: null };
const atName = expect.objectContaining({ path: 'name' });

describe.each(testEngines)('API keys on %s', (engine) => {
  it.each([
    ['of 100 characters', 'x'.repeat(100), 201, undefined],
    ['of 101 characters', 'x'.repeat(101), 422, [atName]],
    ['of one', 'x', 201, undefined],
    ['of blanks', '  ', 422, [atName]],
  ])('take a name %s or say why not', async (_name, name, status, errors) => {
    const hub = await open({ engine });
    const answer = await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name } });
    expect(answer.statusCode).toBe(status);
    expect(answer.json().errors).toEqual(errors);
  });

  it('are refused, not half kept, for a name that no database keeps', async () => {
    const hub = await open({ engine });
    const payload = { name: 'a\u0000b' };
    const answer = await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      code: 'request_malformed',
      detail: expect.stringContaining('U+0000'),
    });
  });

  it('are shown whole once, and by their beginning from then on', async () => {
    const hub = await open({ engine });
    const made = await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name: ' CI ' } });
    expect(made.statusCode).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    const { key, ...shown } = made.json();
    expect(key).toMatch(/^lk_[\w-]{43}$/);
    expect(shown).toEqual({
      id: expect.any(String),
      name: 'CI',
      prefix: key.slice(0, 11),
      state: 'active',
      scopes,
      connectionIds: null,
      createdAt: new Date(hub.clock.now()).toISOString(),
      lastUsedAt: null,
      expiresAt: null,
      revokedAt: null,
      replacedBy: null,
    });
    const list = await hub.inject({ url: '/api/v1/api-keys' });
    expect(list.body).not.toContain(key);
    expect(list.json().items).toContainEqual(shown);
  });

  it('are listed a page at a time, the newest first', async () => {
    const hub = await open({ engine });
    for (const name of ['one', 'two', 'three']) {
      hub.clock.advance(1);
      await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name } });
    }
    const first = (await hub.inject({ url: '/api/v1/api-keys?limit=2' })).json();
    const second = (await hub.inject({ url: `/api/v1/api-keys?limit=2&cursor=${first.nextCursor}` })).json();
    const names = [...first.items, ...second.items].map((item: { name: string }) => item.name);
    expect(names).toEqual(['three', 'two', 'one', 'test']);
    expect(second.nextCursor).toBeNull();
  });

  it('made in one millisecond are listed once each, whatever the page', async () => {
    const hub = await open({ engine });
    for (const name of ['a', 'b', 'c', 'd'])
      await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name } });
    const names = await listPageByPage(hub, '/api/v1/api-keys');
    expect(names.toSorted()).toEqual(['a', 'b', 'c', 'd', 'test']);
  });

  it('end at once in the process that revokes them, and say so', async () => {
    const hub = await open({ engine });
    const { id, key } = (
      await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name: 'old' } })
    ).json();
    const headers = { authorization: `Bearer ${key}` };
    expect((await hub.inject({ url: '/api/v1/settings', headers })).statusCode).toBe(200);
    expect((await hub.inject({ method: 'DELETE', url: `/api/v1/api-keys/${id}` })).statusCode).toBe(204);
    const refused = await hub.inject({ url: '/api/v1/settings', headers });
    expect(refused.statusCode).toBe(401);
    expect(refused.json()).toMatchObject({ code: 'api_key_revoked', whoActs: 'developer' });
  });

  it('end within a second in the other processes', async () => {
    const hub = await open({ engine });
    const other = await open({ engine, beside: hub, clock: hub.clock });
    const { id, key } = (
      await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name: 'old' } })
    ).json();
    const ask = () => other.inject({ url: '/api/v1/settings', headers: { authorization: `Bearer ${key}` } });
    expect((await ask()).statusCode).toBe(200);
    await hub.inject({ method: 'DELETE', url: `/api/v1/api-keys/${id}` });
    hub.clock.advance(1_000);
    expect((await ask()).json()).toMatchObject({ code: 'api_key_revoked' });
  });

  it('keep the time of their first revocation', async () => {
    const hub = await open({ engine });
    const { id } = (
      await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name: 'a' } })
    ).json();
    const revokedAt = new Date(hub.clock.now()).toISOString();
    await hub.inject({ method: 'DELETE', url: `/api/v1/api-keys/${id}` });
    hub.clock.advance(hour);
    await hub.inject({ method: 'DELETE', url: `/api/v1/api-keys/${id}` });
    const { items } = (await hub.inject({ url: '/api/v1/api-keys' })).json();
    expect(items).toContainEqual(expect.objectContaining({ id, revokedAt }));
  });

  it('tell when they were last used, to the minute', async () => {
    const hub = await open({ engine });
    const lastUse = async () => {
      await hub.context.background.idle();
      const { items } = (await hub.inject({ url: '/api/v1/api-keys' })).json();
      return Date.parse(items[0].lastUsedAt);
    };
    const firstUse = hub.clock.now();
    await hub.inject({ url: '/api/v1/settings' });
    expect(await lastUse()).toBe(firstUse);
    hub.clock.advance(minute - 1);
    await hub.inject({ url: '/api/v1/settings' });
    expect(await lastUse()).toBe(firstUse);
    hub.clock.advance(1);
    await hub.inject({ url: '/api/v1/settings' });
    expect(await lastUse()).toBe(firstUse + minute);
  });
});

describe('a caller', () => {
  it('without key or session is told how to sign in', async () => {
    const hub = await open();
    const answer = await hub.app.inject({ url: '/api/v1/settings' });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toMatchObject({ code: 'not_signed_in', remedy: expect.stringContaining('lk_') });
  });

  it.each([
    ['a key that nobody made', `Bearer lk_${'a'.repeat(43)}`, 'api_key_unknown'],
    ['something that is no key', 'Bearer x', 'api_key_unknown'],
    ['another scheme', 'Basic dXNlcjpwYXNz', 'not_signed_in'],
    ['nothing behind the scheme', 'Bearer ', 'not_signed_in'],
  ])('with %s is refused', async (_name, authorization, code) => {
    const hub = await open();
    const answer = await hub.inject({ url: '/api/v1/settings', headers: { authorization } });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code });
  });

  it.each([
    ['a word before the scheme', (key: string) => `x Bearer ${key}`],
    ['a word behind the key', (key: string) => `Bearer ${key} x`],
    ['no blank behind the scheme', (key: string) => `Bearer${key}`],
    ['the key alone', (key: string) => key],
  ])('with %s is not let in, though the key is good', async (_name, write) => {
    const hub = await open();
    const headers = { authorization: write(hub.apiKey) };
    const answer = await hub.app.inject({ url: '/api/v1/settings', headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'not_signed_in' });
  });

  it('is judged by the key when there is a session, too', async () => {
    const hub = await open();
    const headers = { authorization: 'Bearer lk_unknown', cookie: await enterByLink(hub) };
    expect((await hub.app.inject({ url: '/api/v1/settings', headers })).json()).toMatchObject({
      code: 'api_key_unknown',
    });
  });

  it.each([
    ['/healthz', 200],
    ['/', 200],
    ['/none', 404],
    ['/api/v1/none', 404],
  ])('needs no key for %s', async (url, status) => {
    const hub = await open();
    expect((await hub.app.inject({ url })).statusCode).toBe(status);
  });

  it('may write the scheme in any case', async () => {
    const hub = await open();
    const headers = { authorization: `bearer ${hub.apiKey}` };
    expect((await hub.inject({ url: '/api/v1/settings', headers })).statusCode).toBe(200);
  });

  it('who revokes a key that is not there hears so', async () => {
    const hub = await open();
    const answer = await hub.inject({ method: 'DELETE', url: '/api/v1/api-keys/none' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'api_key_not_found' });
  });

  it('who makes up a cursor hears so', async () => {
    const hub = await open();
    const answer = await hub.inject({ url: '/api/v1/api-keys?cursor=AAAA' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'invalid_body', errors: [{ path: 'cursor' }] });
  });
});

describe.each(testEngines)('a one-time link on %s', (engine) => {
  it('opens a session in the browser that enters by it', async () => {
    const hub = await open({ engine });
    const answer = await redeemCode(hub, await entryCodeOf(hub));
    const expiresAt = new Date(hub.clock.now() + 12 * hour).toISOString();
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ ...everything, kind: 'browser', expiresAt });
    expect(answer.cookies).toEqual([
      {
        name: 'latchkey_session',
        value: expect.stringMatching(/^[\w-]{43}$/),
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        maxAge: 12 * 60 * 60,
      },
    ]);
  });

  it('lets one in when two come at once', async () => {
    const hub = await open({ engine });
    const code = await entryCodeOf(hub);
    const answers = await Promise.all([1, 2, 3].map(() => redeemCode(hub, code)));
    expect(answers.map((answer) => answer.statusCode).sort((one, other) => one - other)).toEqual([
      200, 401, 401,
    ]);
  });

  it('lets nobody in twice, nor after a day, nor by a wrong code', async () => {
    const hub = await open({ engine });
    const [used, aged] = [await entryCodeOf(hub), await entryCodeOf(hub)];
    await redeemCode(hub, used);
    expect((await redeemCode(hub, used)).json()).toMatchObject({ code: 'entry_code_invalid' });
    hub.clock.advance(24 * hour);
    expect((await redeemCode(hub, aged)).json()).toMatchObject({ code: 'entry_code_invalid' });
    const wrong = await redeemCode(hub, 'wrong');
    expect(wrong.statusCode).toBe(401);
    expect(wrong.json().remedy).toContain('fresh link');
  });

  it('lets nobody in, nor does its session, that was made by a clock months ahead', async () => {
    const hub = await open({ engine });
    hub.clock.advance(90 * 24 * hour);
    const code = await entryCodeOf(hub);
    const cookie = await enterByLink(hub);
    hub.clock.advance(-90 * 24 * hour);
    expect((await redeemCode(hub, code)).json()).toMatchObject({ code: 'entry_code_invalid' });
    const answer = await hub.app.inject({ url: '/api/v1/settings', headers: { cookie } });
    expect(answer.json()).toMatchObject({ code: 'not_signed_in', detail: 'The session has ended.' });
  });

  it('is good until its last millisecond', async () => {
    const hub = await open({ engine });
    const code = await entryCodeOf(hub);
    expect(code).toMatch(/^[\w-]{43}$/);
    hub.clock.advance(24 * hour - 1);
    expect((await redeemCode(hub, code)).statusCode).toBe(200);
  });

  it('is used up alone: another one is neither opened by a wrong code nor lost', async () => {
    const hub = await open({ engine });
    const [one, other] = [await entryCodeOf(hub), await entryCodeOf(hub)];
    expect((await redeemCode(hub, 'wrong')).statusCode).toBe(401);
    expect((await redeemCode(hub, '')).statusCode).toBe(422);
    expect((await redeemCode(hub, one)).statusCode).toBe(200);
    expect((await redeemCode(hub, other)).statusCode).toBe(200);
  });

  it('sweeps out what has ended by then: links and sessions, to the millisecond', async () => {
    const hub = await open({ engine });
    const count = async (table: 'sessions' | 'entry_codes') =>
      (await hub.context.store.db.selectFrom(table).selectAll().execute()).length;
    await enterByLink(hub);
    hub.clock.advance(12 * hour - 1);
    await enterByLink(hub);
    expect([await count('sessions'), await count('entry_codes')]).toEqual([2, 2]);
    hub.clock.advance(1);
    await enterByLink(hub);
    expect([await count('sessions'), await count('entry_codes')]).toEqual([2, 3]);
    hub.clock.advance(12 * hour);
    await enterByLink(hub);
    expect([await count('sessions'), await count('entry_codes')]).toEqual([1, 3]);
  });

  it('is kept nowhere but in the link', async () => {
    const hub = await open({ engine });
    const code = await entryCodeOf(hub);
    const cookie = await enterByLink(hub);
    const rows = await Promise.all([
      hub.context.store.db.selectFrom('entry_codes').selectAll().execute(),
      hub.context.store.db.selectFrom('sessions').selectAll().execute(),
      hub.context.store.db.selectFrom('api_keys').selectAll().execute(),
    ]);
    const stored = JSON.stringify(rows);
    for (const secret of [code, cookie.split('=')[1] ?? cookie, hub.apiKey])
      expect(stored).not.toContain(secret);
  });
});

describe('a session', () => {
  it('is known by its cookie until it ends', async () => {
    const hub = await open();
    const cookie = await enterByLink(hub);
    const ask = () => hub.app.inject({ url: '/api/v1/session', headers: { cookie } });
    expect((await ask()).json()).toMatchObject({ authenticated: true, kind: 'browser' });
    hub.clock.advance(12 * hour);
    expect((await ask()).json()).toEqual(nobody);
    const call = await hub.app.inject({ url: '/api/v1/settings', headers: { cookie } });
    expect(call.json()).toMatchObject({ code: 'not_signed_in', detail: 'The session has ended.' });
  });

  it('is of one browser: a made-up cookie is nobody’s though others are signed in', async () => {
    const hub = await open();
    await enterByLink(hub);
    const headers = { cookie: `latchkey_session=${'A'.repeat(43)}` };
    const answer = await hub.app.inject({ url: '/api/v1/settings', headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'not_signed_in' });
  });

  it('lives until its last millisecond', async () => {
    const hub = await open();
    const cookie = await enterByLink(hub);
    hub.clock.advance(12 * hour - 1);
    expect((await hub.app.inject({ url: '/api/v1/settings', headers: { cookie } })).statusCode).toBe(200);
  });

  it('is said to be unknown, not ended, while the database does not answer', async () => {
    const hub = await createTestHub();
    const headers = { cookie: await enterByLink(hub) };
    await hub.context.store.close();
    const answer = await hub.app.inject({ url: '/api/v1/session', headers });
    await hub.app.close();
    expect(answer.statusCode).toBeGreaterThanOrEqual(500);
  });

  it('is asked about without being refused', async () => {
    const hub = await open();
    const unknown = await hub.app.inject({ url: '/api/v1/session' });
    const wrongKey = await hub.app.inject({
      url: '/api/v1/session',
      headers: { authorization: 'Bearer lk_no' },
    });
    const key = await hub.inject({ url: '/api/v1/session' });
    expect(unknown.statusCode).toBe(200);
    expect(unknown.json()).toEqual(nobody);
    expect(wrongKey.json()).toMatchObject({ authenticated: false });
    expect(key.json()).toEqual({ ...everything, kind: 'api_key', expiresAt: null });
  });

  it('ends by signing out, and the browser forgets the cookie', async () => {
    const hub = await open();
    const headers = { cookie: await enterByLink(hub), origin: publicUrl };
    const answer = await hub.app.inject({ method: 'DELETE', url: '/api/v1/session', headers });
    expect(answer.statusCode).toBe(204);
    expect(answer.cookies).toMatchObject([{ name: 'latchkey_session', value: '', path: '/' }]);
    expect((await hub.app.inject({ url: '/api/v1/settings', headers })).statusCode).toBe(401);
  });

  it('leaves other browsers signed in when one signs out', async () => {
    const hub = await open();
    const [mine, theirs] = [await enterByLink(hub), await enterByLink(hub)];
    const headers = { cookie: mine, origin: publicUrl };
    await hub.app.inject({ method: 'DELETE', url: '/api/v1/session', headers });
    const call = (cookie: string) => hub.app.inject({ url: '/api/v1/settings', headers: { cookie } });
    expect([(await call(mine)).statusCode, (await call(theirs)).statusCode]).toEqual([401, 200]);
  });

  it('is signed out of by a program, too, which has none', async () => {
    const hub = await open();
    const cookie = await enterByLink(hub);
    expect((await hub.inject({ method: 'DELETE', url: '/api/v1/session' })).statusCode).toBe(204);
    expect((await hub.app.inject({ url: '/api/v1/settings', headers: { cookie } })).statusCode).toBe(200);
  });

  it.each([
    ['HEAD', '/api/v1/settings', 200],
    ['OPTIONS', '/api/v1/connections/none/proxy/x', 404],
  ] as const)('asks by %s, which changes nothing, from wherever', async (method, url, status) => {
    const hub = await open();
    const headers = { cookie: await enterByLink(hub) };
    expect((await hub.app.inject({ method, url, headers })).statusCode).toBe(status);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://localhost:4481' }],
    ['nowhere', { origin: 'null' }],
    ['a browser that does not say', {}],
  ])('changes nothing for a request from %s', async (_name, origin) => {
    const hub = await open();
    const answer = await hub.app.inject({
      method: 'POST',
      url: '/api/v1/api-keys',
      headers: { cookie: await enterByLink(hub), ...origin },
      payload: { name: 'stolen' },
    });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'cross_site_request' });
  });

  it('makes changes from the hub’s own pages', async () => {
    const hub = await open();
    const answer = await hub.app.inject({
      method: 'POST',
      url: '/api/v1/api-keys',
      headers: { cookie: await enterByLink(hub), origin: publicUrl },
      payload: { name: 'mine' },
    });
    expect(answer.statusCode).toBe(201);
  });

  it('travels over https only where the hub is reached by https', async () => {
    const hub = await open({ config: { publicUrl: 'https://latchkey.example.com' } });
    const link = await createEntryLink(hub.context);
    expect(link).toMatch(/^https:\/\/latchkey\.example\.com\/enter#code=/);
    const answer = await redeemCode(hub, await entryCodeOf(hub));
    expect(answer.cookies).toMatchObject([{ secure: true }]);
    expect(answer.headers['strict-transport-security']).toContain('max-age=');
  });
});

it.each([
  ['post', '/api/v1/session'],
  ['get', '/api/v1/session'],
  ['delete', '/api/v1/session'],
  ['get', '/api/v1/api-keys'],
  ['post', '/api/v1/api-keys'],
  ['post', '/api/v1/api-keys/{id}/rotate'],
  ['delete', '/api/v1/api-keys/{id}'],
])('%s %s is shown to programs with what it does, among what is about access', async (method, path) => {
  const hub = await open();
  const { paths } = (await hub.app.inject('/openapi.json')).json<{
    paths: Record<string, Record<string, unknown>>;
  }>();
  expect(paths[path]?.[method]).toMatchObject({ tags: ['access'], summary: expect.stringMatching(/\w/) });
});
