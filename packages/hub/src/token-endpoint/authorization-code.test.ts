import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedServer, startScriptedServer } from '../connections/testing/scripted-server.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { buildAuthorizeUrl, callbackFailure, redeemAuthorizationCode } from './authorization-code.ts';
import type { TokenClient } from './request-token.ts';

const redirectUri = 'https://hub.example/oauth/callback';
const client: TokenClient = {
  authorizationEndpoint: 'https://login.example/authorize',
  tokenEndpoint: 'https://login.example/token',
  clientId: 'app',
  credential: { kind: 'secret', secret: 'secret' },
};

describe('the address of the sign-in page', () => {
  const build = (change: Partial<TokenClient> = {}) =>
    new URL(
      buildAuthorizeUrl(
        { ...client, ...change },
        { state: 'state', codeChallenge: 'challenge', redirectUri },
        { scope: 'openid crm' },
      ),
    );

  it('carries what the sign-in is bound by and what is asked for, and no secret', () => {
    const url = build();
    expect(url.origin + url.pathname).toBe('https://login.example/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'app',
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: redirectUri,
      scope: 'openid crm',
      state: 'state',
      code_challenge: 'challenge',
      code_challenge_method: 'S256',
      prompt: 'select_account',
    });
  });

  it('may be on plain HTTP where the token endpoint is, as in the local cloud', () => {
    const local = { authorizationEndpoint: 'http://localhost:1/a', tokenEndpoint: 'http://localhost:1/t' };
    expect(build(local).origin).toBe('http://localhost:1');
  });
});

describe('what came back', () => {
  const failure = (query: string) =>
    callbackFailure(client, { url: `${redirectUri}?${query}`, codeVerifier: 'v', redirectUri });

  it('is no failure with a code', () => {
    expect(failure('code=x&state=s')).toBeNull();
  });

  it('is Microsoft’s refusal where there is one, even beside a code', () => {
    const refusal = 'error=access_denied&error_description=AADSTS65004%3A+No.';
    expect(failure(refusal)).toMatchObject({ code: 'sign_in_declined' });
    expect(failure(`${refusal}&code=x`)?.options.remote).toMatchObject({ code: 'AADSTS65004' });
  });

  it('is a failure with neither a code nor an error', () => {
    expect(failure('state=s')).toMatchObject({
      code: 'sign_in_declined',
      message: 'Microsoft sent back neither a code nor an error.',
    });
  });
});

describe('who sent it back', () => {
  const microsoft = {
    ...client,
    authorizationEndpoint: 'https://login.microsoftonline.com/common/authorize',
  };
  const failure = (query: string) =>
    callbackFailure(microsoft, { url: `${redirectUri}?${query}`, codeVerifier: 'v', redirectUri });

  it('is compared with the issuer of the sign-in page', () => {
    const issuer = encodeURIComponent('https://login.microsoftonline.com/{tenantid}/v2.0');
    expect(failure(`code=x&iss=${issuer}`)).toBeNull();
    expect(failure('code=x&iss=https://login.example')).toMatchObject({ code: 'callback_other_issuer' });
  });

  it('counts before what it says, and is not missed', () => {
    const refusal = failure('error=access_denied&error_description=Words&iss=https://login.example');
    expect(refusal).toMatchObject({ code: 'callback_other_issuer' });
    expect(JSON.stringify(refusal)).not.toContain('Words');
    expect(failure('code=x&iss=')).toBeNull();
  });
});

describe('redeeming a code', () => {
  let server: ScriptedServer;
  let hub: TestHub;

  beforeEach(async () => {
    server = await startScriptedServer(() => ({
      status: 200,
      body: { token_type: 'Bearer', access_token: 'access', expires_in: 3600 },
    }));
    const cloud = { authority: server.origin, graph: server.origin, localEnvironments: [] };
    hub = await createTestHub({ cloud });
  });
  afterEach(async () => {
    await hub.close();
    await server.close();
  });

  const redeem = (query: string, parameters?: Record<string, string>) =>
    redeemAuthorizationCode(
      hub.context,
      { ...client, tokenEndpoint: `${server.origin}/token` },
      { url: `${redirectUri}?${query}`, codeVerifier: 'verifier', redirectUri },
      parameters,
    );
  const sentForm = () => Object.fromEntries(server.requests[0]?.form ?? []);

  it('sends the code with its verifier and the redirect URI it came back to', async () => {
    expect(await redeem('code=the-code&state=state')).toEqual({
      ok: true,
      answer: {
        accessToken: 'access',
        refreshToken: null,
        expiresInSeconds: 3600,
        refreshTokenExpiresInSeconds: null,
      },
    });
    expect(sentForm()).toEqual({
      grant_type: 'authorization_code',
      client_id: 'app',
      client_secret: 'secret',
      code: 'the-code',
      code_verifier: 'verifier',
      redirect_uri: redirectUri,
    });
  });

  it('names the resource again where it is told to', async () => {
    await redeem('code=the-code&state=state', { resource: 'https://crm.example' });
    expect(sentForm()).toMatchObject({ code: 'the-code', resource: 'https://crm.example' });
  });

  it('tells a refused code from a refused client', async () => {
    const refusal = { error: 'invalid_grant', error_description: 'AADSTS54005: It was redeemed.' };
    server.fail('/token', { status: 400, body: refusal });
    expect(await redeem('code=the-code&state=state')).toMatchObject({
      ok: false,
      failure: { code: 'connection_needs_sign_in' },
    });
  });
});
