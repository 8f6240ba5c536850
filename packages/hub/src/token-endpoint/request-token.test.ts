import { authorizationCodeGrant, refreshTokenGrant } from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entraError } from '../connections/testing/entra-answers.ts';
import {
  type Fault,
  type ScriptedServer,
  startScriptedServer,
} from '../connections/testing/scripted-server.ts';
import { HubError } from '../errors/hub-error.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { requestToken, type TokenClient } from './request-token.ts';

const good = { token_type: 'Bearer', access_token: 'access', refresh_token: 'refresh', expires_in: 3600 };

describe('requestToken', () => {
  let server: ScriptedServer;
  let hub: TestHub;

  beforeEach(async () => {
    server = await startScriptedServer(() => ({ status: 200, body: good }));
    const cloud = { authority: server.origin, graph: server.origin, localEnvironments: [] };
    hub = await createTestHub({ cloud });
  });
  afterEach(async () => {
    await hub.close();
    await server.close();
  });

  function request(change: Partial<TokenClient> = {}) {
    const client: TokenClient = {
      authorizationEndpoint: `${server.origin}/authorize`,
      tokenEndpoint: `${server.origin}/token`,
      clientId: 'app',
      credential: { kind: 'secret', secret: 'secret' },
      ...change,
    };
    return requestToken(hub.context, client, 'refresh_token', (configuration) =>
      refreshTokenGrant(configuration, 'old', { scope: 's' }),
    );
  }
  const answerWith = (fault: Fault) => server.fail('/token', fault);

  it('sends who asks in the body, and nothing of it in the address or the head', async () => {
    expect(await request()).toEqual({
      ok: true,
      answer: {
        accessToken: 'access',
        refreshToken: 'refresh',
        expiresInSeconds: 3600,
        refreshTokenExpiresInSeconds: null,
      },
    });
    const [sent] = server.requests;
    expect(sent).toMatchObject({ method: 'POST', path: '/token', authorization: undefined });
    expect([...(sent?.query.keys() ?? [])]).toEqual([]);
    expect(Object.fromEntries(sent?.form ?? [])).toEqual({
      client_id: 'app',
      client_secret: 'secret',
      grant_type: 'refresh_token',
      refresh_token: 'old',
      scope: 's',
    });
  });

  it('measures the authority’s clock by its answers, the refusals, too', async () => {
    const { authorityClocks, clock } = hub.context;
    const dated = (ahead: number) => ({ date: new Date(clock.now() + ahead).toUTCString() });
    await request();
    expect(authorityClocks.skewOf(server.origin)).toBeNull();
    answerWith({ ...entraError(400, 'invalid_grant', 50173), headers: dated(0) });
    await request();
    expect(authorityClocks.skewOf(server.origin)).toEqual({ skew: 500, uncertainty: 500 });
    expect(await request()).toMatchObject({
      answer: expect.not.objectContaining({ clockSkewMilliseconds: 0 }),
    });
    answerWith({ status: 200, body: good, headers: dated(120_000) });
    expect(await request()).toMatchObject({ answer: { clockSkewMilliseconds: 120_500 } });
    const lines = hub.logLines.filter((line) => line.includes('differ by more than a minute'));
    expect(lines).toEqual([expect.stringContaining('"aheadSeconds":121')]);
  });

  it('sends no secret where there is none', async () => {
    await request({ credential: { kind: 'none' } });
    expect(server.requests[0]?.form.has('client_secret')).toBe(false);
    expect(server.requests[0]?.form.get('client_id')).toBe('app');
  });

  it.each<[string, object, number | null]>([
    ['text', { expires_in: '1800' }, 1800],
    ['nothing', { expires_in: undefined }, null],
    ['null', { expires_in: null }, null],
    ['no number', { expires_in: 'soon' }, null],
    ['zero', { expires_in: 0 }, null],
    ['less than zero', { expires_in: -1 }, null],
    ['a second', { expires_in: 1 }, 1],
  ])('reads a life of %s', async (_case, change, expected) => {
    answerWith({ status: 200, body: { ...good, ...change } });
    expect(await request()).toMatchObject({ ok: true, answer: { expiresInSeconds: expected } });
  });

  it.each([
    ['an id_token that is none', { id_token: 'no.jwt' }],
    ['members that are null', { id_token: null, scope: null, refresh_token: null }],
  ])('minds no %s', async (_case, change) => {
    answerWith({ status: 200, body: { ...good, ...change } });
    expect(await request()).toMatchObject({ ok: true, answer: { accessToken: 'access' } });
  });

  it.each<[string, Fault, string]>([
    ['an empty answer', { status: 200 }, 'token_endpoint_nonsense'],
    ['an answer without a body', { status: 204 }, 'token_endpoint_nonsense'],
    ['a list', { status: 200, body: [good] }, 'token_endpoint_nonsense'],
    [
      'null',
      { status: 200, body: 'null', headers: { 'content-type': 'application/json' } },
      'token_endpoint_nonsense',
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://login.example/' } },
      'token_endpoint_nonsense',
    ],
    ['a page that is no content', { status: 205, body: '<html>' }, 'token_endpoint_nonsense'],
    ['tokens with a status that is none', { status: 999, body: good }, 'token_endpoint_unavailable'],
    ['a page with a status that is none', { status: 600, body: '<html>' }, 'token_endpoint_unavailable'],
    [
      'a token that no header can carry',
      { status: 200, body: { ...good, access_token: 'a\u0001b' } },
      'token_endpoint_nonsense',
    ],
    ['an answer that is cut off', 'cut_off', 'token_endpoint_unavailable'],
    ['a refusal with a challenge', challenged(), 'client_secret_wrong'],
  ])('takes %s for no token', async (_case, fault, code) => {
    answerWith(fault);
    expect(await request()).toMatchObject({ ok: false, failure: { code } });
  });

  it.each([
    ['17', 17_000],
    [undefined, null],
  ])('says when Microsoft wants to be asked again: %s', async (value, expected) => {
    answerWith({ status: 503, ...(value !== undefined && { headers: { 'retry-after': value } }) });
    expect(await request()).toMatchObject({ ok: false, retryAfterMilliseconds: expected });
  });

  it('passes on that the hub may not call there', async () => {
    const outcome = await request({ tokenEndpoint: 'https://10.0.0.5/token' });
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'address_not_allowed' } });
  });

  it.each([
    ['no code', 'state=s'],
    ['another flow’s answer', 'code=x&id_token=y'],
    ['a refusal', 'error=access_denied'],
    ['an unknown issuer', 'code=x&iss=https://login.example'],
    ['a code twice', 'code=x&code=y'],
  ])('is a failure with a code where the library refuses to ask, for %s', async (_case, query) => {
    const client: TokenClient = {
      authorizationEndpoint: `${server.origin}/authorize`,
      tokenEndpoint: `${server.origin}/token`,
      clientId: 'app',
      credential: { kind: 'secret', secret: 'secret' },
    };
    const url = new URL(`https://hub.example/oauth/callback?${query}`);
    const outcome = await requestToken(hub.context, client, 'authorization_code', (configuration) =>
      authorizationCodeGrant(configuration, url, query.includes('state') ? { expectedState: 's' } : {}),
    );
    expect(outcome).toMatchObject({
      ok: false,
      failure: {
        code: 'token_endpoint_nonsense',
        message: expect.stringContaining('The token endpoint was not asked: '),
      },
    });
    expect(server.requests).toHaveLength(0);
  });

  it('throws a mistake of the hub’s that comes to light after the answer', async () => {
    const client: TokenClient = {
      authorizationEndpoint: `${server.origin}/authorize`,
      tokenEndpoint: `${server.origin}/token`,
      clientId: 'app',
      credential: { kind: 'none' },
    };
    const outcome = requestToken(hub.context, client, 'refresh_token', async (configuration) => {
      await refreshTokenGrant(configuration, 'old');
      throw new TypeError('A mistake of ours.');
    });
    await expect(outcome).rejects.toThrow('A mistake of ours.');
    expect(server.requests).toHaveLength(1);
  });

  it('throws what is no fate of the request', async () => {
    hub.context.outbound.request = () => Promise.reject(new TypeError('A mistake of ours.'));
    await expect(request()).rejects.toThrow('A mistake of ours.');
    // The library makes an error of its own of this one.
    hub.context.outbound.request = () => Promise.reject(new DOMException('A mistake of ours.', 'AbortError'));
    await expect(request()).rejects.toMatchObject({ cause: { message: 'A mistake of ours.' } });
    hub.context.outbound.request = () => Promise.reject(new HubError('address_not_allowed'));
    expect(await request()).toMatchObject({ ok: false, failure: { code: 'address_not_allowed' } });
  });
});

function challenged(): Fault {
  const { status, body } = entraError(401, 'invalid_client', 7000215);
  const headers = { 'www-authenticate': 'Basic realm="x"' };
  return body === undefined ? { status, headers } : { status, body, headers };
}
