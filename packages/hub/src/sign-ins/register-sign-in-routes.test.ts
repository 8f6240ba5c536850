import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type ConnectionHub,
  comeBack,
  createConnectionHub,
  makeConnection,
  openLink,
  openSignIn,
  showConnection,
  signIn,
} from '../connections/testing/create-connection-hub.ts';
import { entraError } from '../connections/testing/entra-answers.ts';
import {
  authorizationCode,
  clientId,
  clientSecret,
  tenantId,
} from '../connections/testing/scripted-microsoft.ts';
import { testEngines } from '../testing/test-database.ts';
import { consumeState } from './consume-state.ts';

const minute = 60_000;
const good = { code: authorizationCode, session_state: 'x' };

describe.each(testEngines)('the sign-in on %s', (engine) => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
    connectionId = (await makeConnection(hub, { method: 'sign_in', clientSecret })).id;
  });
  afterEach(() => hub.close());

  const show = () => showConnection(hub, connectionId);
  const open = () => openSignIn(hub, connectionId);
  const pageOfConnection = () => `http://localhost:4480/connections/${connectionId}`;

  it('asks Microsoft for the environment, with state and PKCE', async () => {
    const { authorizeUrl, cookie } = await open();
    expect(`${authorizeUrl.origin}${authorizeUrl.pathname}`).toBe(
      `${hub.microsoft.entra.origin}/${tenantId}/oauth2/v2.0/authorize`,
    );
    expect(Object.fromEntries(authorizeUrl.searchParams)).toEqual({
      client_id: clientId,
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: 'http://localhost:4480/oauth/callback',
      scope: `${hub.microsoft.crm.origin}/user_impersonation offline_access openid profile`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      prompt: 'select_account',
    });
    expect(cookie).toMatch(/^latchkey_authorization=[\w-]{43}$/);
  });

  it('leads back to the one public address, whatever host a request names (lesson 13)', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const url = `/api/v1/connections/${connectionId}/sign-in`;
    const { url: link } = (await hub.inject({ method: 'POST', url, headers })).json<{ url: string }>();
    expect(link).toMatch(/^http:\/\/localhost:4480\/sign-in\//);
    const page = await hub.app.inject({ method: 'GET', url: new URL(link).pathname, headers });
    const { searchParams } = new URL(String(page.headers.location));
    expect(searchParams.get('redirect_uri')).toBe('http://localhost:4480/oauth/callback');
  });

  it('names the resource instead on v1', async () => {
    connectionId = (await makeConnection(hub, { method: 'sign_in', endpointVersion: 'v1' })).id;
    const { authorizeUrl } = await open();
    expect(authorizeUrl.pathname).toBe(`/${tenantId}/oauth2/authorize`);
    expect(authorizeUrl.searchParams.get('resource')).toBe(hub.microsoft.crm.origin);
    expect(authorizeUrl.searchParams.has('scope')).toBe(false);
  });

  it('redeems the code with the verifier, stores the tokens, proves them, and goes on to the page', async () => {
    const visit = await open();
    const answer = await comeBack(hub, visit, good);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${pageOfConnection()}?signed-in=1`]);
    const [request] = hub.microsoft.tokenRequests();
    expect(Object.fromEntries(request?.form ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      code: authorizationCode,
      redirect_uri: 'http://localhost:4480/oauth/callback',
      client_secret: clientSecret,
      scope: expect.stringContaining('/user_impersonation'),
    });
    const verifier = request?.form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    expect(challenge).toBe(visit.authorizeUrl.searchParams.get('code_challenge'));
    expect(await show()).toMatchObject({
      user: 'alice@contoso.example',
      hasRefreshToken: true,
      status: { state: 'ready', failure: null },
    });
  });

  it('binds the cookie to this browser and this site', async () => {
    const { link } = await open();
    const answer = await hub.app.inject({ method: 'GET', url: link });
    // In another browser the link is used up.
    expect(answer.statusCode).toBe(410);
    const fresh = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
    const page = await hub.app.inject({
      method: 'GET',
      url: new URL(fresh.json<{ url: string }>().url).pathname,
    });
    expect(page.cookies).toMatchObject([
      { name: 'latchkey_authorization', httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 600 },
    ]);
  });

  it('starts anew when the same browser opens the link again; the old state is void', async () => {
    const first = await open();
    const second = await openLink(hub, first.link, first.cookie);
    expect(second.cookie).toBe(first.cookie);
    expect((await comeBack(hub, first, good)).statusCode).toBe(400);
    expect((await comeBack(hub, second, good)).statusCode).toBe(303);
    expect((await hub.app.inject({ url: first.link, headers: { cookie: first.cookie } })).statusCode).toBe(
      410,
    );
  });

  it('does not let a link preview use up the link', async () => {
    const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
    const link = new URL(answer.json<{ url: string }>().url).pathname;
    await hub.app.inject({ method: 'HEAD', url: link });
    expect((await openLink(hub, link)).authorizeUrl.searchParams.has('state')).toBe(true);
  });

  it('ends a link after ten minutes', async () => {
    const { link, cookie } = await open();
    hub.clock.advance(10 * minute);
    const answer = await hub.app.inject({ method: 'GET', url: link, headers: { cookie } });
    expect(answer.statusCode).toBe(410);
    expect(answer.body).toContain('sign_in_link_invalid');
  });

  it('ends what was begun by a clock months ahead that has been set right since', async () => {
    hub.clock.advance(90 * 24 * 60 * minute);
    const begun = await open();
    hub.clock.advance(-90 * 24 * 60 * minute);
    const again = await hub.app.inject({ method: 'GET', url: begun.link, headers: { cookie: begun.cookie } });
    expect(again.statusCode).toBe(410);
    const answer = await comeBack(hub, begun, good);
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('state_expired')]);
  });

  it('exchanges one code for two hits at once, and tells the second that it is done (lesson 18)', async () => {
    const visit = await open();
    const answers = await Promise.all([comeBack(hub, visit, good), comeBack(hub, visit, good)]);
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([303, 409]));
    const second = answers.find(({ statusCode }) => statusCode === 409);
    expect(second?.body).toContain('This sign-in is already done');
    expect(second?.body).toContain(`href="${pageOfConnection()}"`);
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it.each<[string, (visit: Awaited<ReturnType<typeof open>>) => string, number, string]>([
    ['without a state', () => '/oauth/callback?code=x', 400, 'state_missing'],
    ['with a foreign state', () => '/oauth/callback?code=x&state=foreign', 400, 'state_unknown'],
    [
      'with an error but no state',
      () => '/oauth/callback?error=access_denied&error_description=%3Cb%3E',
      403,
      'sign_in_declined',
    ],
  ])('shows what is wrong with a callback %s', async (_case, url, status, code) => {
    const visit = await open();
    const headers = { cookie: visit.cookie };
    const page = await hub.app.inject({ method: 'GET', url: url(visit), headers });
    expect([page.statusCode, page.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    expect(page.body).toContain(code);
    expect(page.body).not.toContain('<b>');
    expect(page.body).toContain('href="http://localhost:4480/"');
    const problem = await hub.app.inject({
      url: url(visit),
      headers: { ...headers, accept: 'application/json' },
    });
    expect(problem.json()).toMatchObject({ code, status, remedy: expect.stringMatching(/\w/) });
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
  });

  it('refuses an aged state', async () => {
    const visit = await open();
    hub.clock.advance(10 * minute);
    const answer = await comeBack(hub, visit, good);
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('state_expired');
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
  });

  it('refuses a state in another browser, and leaves it to the right one', async () => {
    const visit = await open();
    for (const cookie of ['', `latchkey_authorization=${'A'.repeat(43)}`]) {
      const answer = await comeBack(hub, { ...visit, cookie }, good);
      expect(answer.statusCode).toBe(400);
      expect(answer.body).toContain('state_other_browser');
    }
    expect((await comeBack(hub, visit, good)).statusCode).toBe(303);
  });

  it.each([
    [
      'the person cancelled',
      { error: 'access_denied', error_description: 'AADSTS65004: User declined to consent.' },
      'sign_in_declined',
      'AADSTS65004',
    ],
    [
      'consent is missing',
      { error: 'access_denied', error_description: 'AADSTS90094: An admin must.' },
      'consent_required',
      'AADSTS90094',
    ],
    ['nothing useful came', {}, 'sign_in_declined', undefined],
  ])('tells on the connection’s page that %s', async (_case, query, code, remoteCode) => {
    const answer = await comeBack(hub, await open(), query);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, pageOfConnection()]);
    const { status } = await show();
    expect(status).toMatchObject({ state: 'needs_sign_in', failure: { code } });
    expect(status.failure?.remote?.code).toBe(remoteCode);
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
  });

  it('tells on the connection’s page that the code could not be redeemed', async () => {
    await comeBack(hub, await open(), { code: 'used-before' });
    expect((await show()).status).toMatchObject({
      state: 'needs_sign_in',
      failure: { code: 'connection_needs_sign_in', remote: { code: 'AADSTS54005' } },
    });
  });

  it('can be started again after the hub was killed between the state and the tokens', async () => {
    const { authorizeUrl, cookie } = await open();
    const state = authorizeUrl.searchParams.get('state') ?? '';
    await consumeState(hub.context, state, cookie.split('=')[1]);
    expect((await show()).status).toMatchObject({
      state: 'needs_sign_in',
      reason: 'No sign-in has been finished for this connection yet.',
      whoActs: 'user',
    });
    await signIn(hub, connectionId);
    expect((await show()).status.state).toBe('ready');
  });

  it('stores the tokens of a disabled connection, and asks nothing of its environment', async () => {
    const url = `/api/v1/connections/${connectionId}`;
    await hub.inject({ method: 'PATCH', url, payload: { disabled: true } });
    const before = hub.microsoft.crm.requests.length;
    const answer = await comeBack(hub, await open(), good);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${pageOfConnection()}?signed-in=1`]);
    expect(await show()).toMatchObject({
      hasRefreshToken: true,
      status: { state: 'disabled', failure: null },
    });
    expect(hub.microsoft.crm.requests).toHaveLength(before);
  });

  it('leaves a connection that works as it is when a new sign-in comes to nothing', async () => {
    await signIn(hub, connectionId);
    await comeBack(hub, await open(), { error: 'access_denied' });
    expect((await show()).status).toMatchObject({ state: 'ready', failure: { code: 'sign_in_declined' } });
    await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/test` });
    expect((await show()).status.failure).toBeNull();
  });

  it('reconnects in place, and says so when somebody else signs in', async () => {
    await signIn(hub, connectionId);
    hub.clock.advance(120 * minute);
    hub.microsoft.entra.fail('/token', entraError(400, 'invalid_grant', 50173, 'bad_token'));
    await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/refresh` });
    expect((await show()).status.state).toBe('needs_sign_in');
    hub.microsoft.claims = { upn: 'bob@contoso.example', oid: '99999999-0000-4000-8000-000000000002' };
    await signIn(hub, connectionId);
    expect(await show()).toMatchObject({
      id: connectionId,
      user: 'bob@contoso.example',
      status: {
        state: 'ready',
        reason: expect.stringContaining(
          'bob@contoso.example signed in; before it was alice@contoso.example.',
        ),
      },
    });
    await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/confirm-identity` });
    expect((await show()).status.reason).not.toContain('signed in');
  });

  it('does not keep the refresh token of another sign-in', async () => {
    await signIn(hub, connectionId);
    hub.microsoft.answer = { refresh_token: undefined };
    await signIn(hub, connectionId);
    expect(await show()).toMatchObject({ hasRefreshToken: false, status: { state: 'limited' } });
  });

  it('learns the tenant from the token where the environment did not tell it', async () => {
    hub.microsoft.crm.fail('/v9.2/', { status: 503 });
    connectionId = (await makeConnection(hub, { method: 'sign_in' })).id;
    await signIn(hub, connectionId);
    expect((await show()).tenantId).toBe(tenantId);
  });

  it('keeps the tokens although the CRM refuses the account', async () => {
    hub.microsoft.crm.fail('/WhoAmI', {
      status: 403,
      body: { error: { code: '0x80072560', message: 'Not a member.' } },
    });
    await signIn(hub, connectionId);
    expect(await show()).toMatchObject({ hasRefreshToken: true, status: { state: 'blocked' } });
  });

  it('comes back to the root, too, which is the public client’s redirect URI', async () => {
    const { authorizeUrl, cookie } = await open();
    const state = authorizeUrl.searchParams.get('state') ?? '';
    const url = `/?${new URLSearchParams({ state, ...good }).toString()}`;
    const answer = await hub.app.inject({ method: 'GET', url, headers: { cookie } });
    expect(answer.statusCode).toBe(303);
    expect((await hub.app.inject({ method: 'GET', url: '/' })).statusCode).toBe(200);
  });

  it.each([
    ['a state alone', '/?state=x'],
    ['a code alone', '/?code=x'],
    ['an error alone', '/?error=access_denied'],
    ['something else', '/?page=2'],
  ])('takes the root with %s for the page that it is', async (_case, url) => {
    const answer = await hub.app.inject({ method: 'GET', url });
    expect(answer.statusCode).toBe(200);
  });

  it('comes back to the root with a refusal, too', async () => {
    const { authorizeUrl, cookie } = await open();
    const state = authorizeUrl.searchParams.get('state') ?? '';
    const url = `/?${new URLSearchParams({ state, error: 'access_denied' }).toString()}`;
    const answer = await hub.app.inject({ method: 'GET', url, headers: { cookie } });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, pageOfConnection()]);
  });

  it.each(['/', '/oauth/callback'])('is not used up by a HEAD of %s', async (path) => {
    const visit = await open();
    const state = visit.authorizeUrl.searchParams.get('state') ?? '';
    const url = `${path}?${new URLSearchParams({ state, ...good }).toString()}`;
    await hub.app.inject({ method: 'HEAD', url, headers: { cookie: visit.cookie } });
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
    expect((await comeBack(hub, visit, good)).statusCode).toBe(303);
  });

  it('is kept out of caches on both ways', async () => {
    const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
    const link = new URL(answer.json<{ url: string }>().url).pathname;
    const there = await hub.app.inject({ method: 'GET', url: link });
    expect(there.headers['cache-control']).toBe('no-store');
    const back = await comeBack(hub, await open(), good);
    expect(back.headers['cache-control']).toBe('no-store');
    const refused = await hub.app.inject({ method: 'GET', url: '/oauth/callback' });
    expect(refused.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  it('shows a page to a browser, which takes JSON as well', async () => {
    const headers = { accept: 'text/html,application/xhtml+xml,application/json;q=0.9' };
    for (const url of ['/oauth/callback', '/sign-in/unknown']) {
      const page = await hub.app.inject({ method: 'GET', url, headers });
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    }
    const problem = await hub.app.inject({
      url: '/sign-in/unknown',
      headers: { accept: 'application/json' },
    });
    expect(problem.statusCode).toBe(410);
    expect(problem.json()).toMatchObject({ code: 'sign_in_link_invalid' });
  });

  it('is opened by no made-up link, which uses up no other', async () => {
    const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
    expect((await hub.app.inject({ url: `/sign-in/${'A'.repeat(43)}` })).statusCode).toBe(410);
    const link = new URL(answer.json<{ url: string }>().url).pathname;
    expect((await openLink(hub, link)).authorizeUrl.searchParams.has('state')).toBe(true);
  });

  it.each([
    ['short', 'x'],
    ['long', 'A'.repeat(44)],
    ['strange', `${'A'.repeat(42)}!`],
  ])('gives a browser whose cookie is too %s a cookie of its own', async (_case, value) => {
    const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
    const link = new URL(answer.json<{ url: string }>().url).pathname;
    const visit = await openLink(hub, link, `latchkey_authorization=${value}`);
    expect(visit.cookie).toMatch(/^latchkey_authorization=[\w-]{43}$/);
    expect(visit.cookie).not.toBe(`latchkey_authorization=${value}`);
    expect((await comeBack(hub, visit, good)).statusCode).toBe(303);
  });

  it('goes on beside another one in the same browser', async () => {
    const { id } = await makeConnection(hub, { method: 'sign_in', clientSecret });
    const first = await open();
    const secondLink = await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/sign-in` });
    const thirdLink = await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/sign-in` });
    const pathOf = (answer: typeof secondLink) => new URL(answer.json<{ url: string }>().url).pathname;
    const second = await openLink(hub, pathOf(secondLink), first.cookie);
    expect((await comeBack(hub, first, good)).headers.location).toContain(connectionId);
    // Neither the sign-in under way nor a link that was opened, or is still to be opened, is lost by that.
    expect((await openLink(hub, pathOf(secondLink), first.cookie)).cookie).toBe(first.cookie);
    expect((await comeBack(hub, second, good)).statusCode).toBe(400);
    const third = await openLink(hub, pathOf(thirdLink));
    expect((await comeBack(hub, third, good)).headers.location).toContain(id);
  });

  it('goes on in two browsers for one connection', async () => {
    const [first, second] = [await open(), await open()];
    expect(second.cookie).not.toBe(first.cookie);
    expect((await comeBack(hub, first, good)).statusCode).toBe(303);
    // The other browser's link still starts a sign-in there.
    const again = await openLink(hub, second.link, second.cookie);
    expect((await comeBack(hub, again, good)).statusCode).toBe(303);
  });

  it('that is done stays known as done when another one begins', async () => {
    const first = await open();
    await comeBack(hub, first, good);
    const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
    await openLink(hub, new URL(answer.json<{ url: string }>().url).pathname, first.cookie);
    expect((await comeBack(hub, first, good)).statusCode).toBe(409);
  });

  it('that is done stays known as done for a day, and is forgotten then', async () => {
    const day = 24 * 60 * minute;
    const visit = await open();
    await comeBack(hub, visit, good);
    const beginAnother = () =>
      hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
    hub.clock.advance(10 * minute + day - 1);
    await beginAnother();
    expect((await comeBack(hub, visit, good)).statusCode).toBe(409);
    hub.clock.advance(1);
    await beginAnother();
    expect((await comeBack(hub, visit, good)).body).toContain('state_unknown');
  });

  it('leaves no ended link behind, and takes no living one along', async () => {
    const { db } = hub.context.store;
    const links = () => db.selectFrom('sign_in_tickets').selectAll().execute();
    const begin = () => hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
    await begin();
    hub.clock.advance(10 * minute - 1);
    await begin();
    expect(await links()).toHaveLength(2);
    hub.clock.advance(1);
    await begin();
    expect(await links()).toHaveLength(2);
  });

  it('says that the fault is the hub’s own where nothing else explains it', async () => {
    const visit = await open();
    hub.context.outbound.request = () => Promise.reject(new TypeError('A mistake of ours.'));
    expect((await comeBack(hub, visit, good)).statusCode).toBe(500);
    expect((await show()).status.failure).toBeNull();
  });

  it('says so on the way there, too', async () => {
    const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
    hub.context.vault.seal = () => {
      throw new TypeError('A mistake of ours.');
    };
    const page = await hub.app.inject({ url: new URL(answer.json<{ url: string }>().url).pathname });
    expect(page.statusCode).toBe(500);
    expect(page.json()).toMatchObject({ code: 'internal_error' });
  });

  it('says that its code verifier can’t be opened, instead of leading on as if nothing had been', async () => {
    const visit = await open();
    const broken = { sealed_code_verifier: 'broken' };
    await hub.context.store.db.updateTable('authorizations').set(broken).execute();
    const answer = await comeBack(hub, visit, good);
    expect(answer.json()).toMatchObject({ code: 'vault_unreadable' });
  });

  it('is no part of the API that programs are shown', async () => {
    const { paths } = (await hub.app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
    expect(Object.keys(paths).filter((path) => !path.startsWith('/api/'))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^\/(oauth|sign-in)/)]),
    );
  });

  it('leaves no code, state, verifier or ticket in the log or the database', async () => {
    const visit = await open();
    await comeBack(hub, visit, good);
    const { db } = hub.context.store;
    const rows = [
      await db.selectFrom('authorizations').selectAll().execute(),
      await db.selectFrom('sign_in_tickets').selectAll().execute(),
    ];
    const written = `${hub.logLines.join('')}${JSON.stringify(rows)}`;
    const verifier = hub.microsoft.tokenRequests()[0]?.form.get('code_verifier') ?? '';
    const state = visit.authorizeUrl.searchParams.get('state') ?? '';
    for (const secret of [authorizationCode, verifier, state, visit.link.slice('/sign-in/'.length)]) {
      expect(secret).not.toBe('');
      expect(written).not.toContain(secret);
    }
  });
});

it.each([
  ['https://latchkey.example.com', true],
  ['http://localhost:4480', undefined],
])('sends its cookie over https only where the hub is reached by https: %s', async (publicUrl, secure) => {
  const hub = await createConnectionHub({ config: { publicUrl } });
  onTestFinished(() => hub.close());
  const { id } = await makeConnection(hub, { method: 'sign_in' });
  const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/sign-in` });
  const { url } = answer.json<{ url: string }>();
  const page = await hub.app.inject({ method: 'GET', url: new URL(url).pathname });
  expect(page.cookies[0]?.secure).toBe(secure);
});
