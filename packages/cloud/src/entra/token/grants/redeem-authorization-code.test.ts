import { createHash, verify } from 'node:crypto';
import { wellKnownIds } from '@latchkey/microsoft';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededUsers } from '../../../directory/seed-contoso.ts';
import { findUserByName, revokeSignInSessions, updateUserProfile } from '../../../directory/users.ts';
import {
  authorizeUrl,
  claimsOf,
  crmOrigin,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testAddresses,
  testRedirectUri,
} from '../../testing/open-test-entra.ts';
import { hasElement } from '../../testing/scripted-browser.ts';
import { redeemCode, refresh, signInForCode } from '../../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterAll(() => entra.close());

const minute = 60_000;
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = createHash('sha256').update(verifier).digest('base64url');

it('answers v2 in the shape of v2', async () => {
  const { status, headers, json } = await redeemCode(entra, app, await signInForCode(entra, app), {
    client_info: '1',
  });
  expect(status).toBe(200);
  expect(headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(Object.keys(json).join(' ')).toBe(
    'token_type scope expires_in ext_expires_in access_token refresh_token id_token client_info',
  );
  expect(json.scope).toBe(`${crmOrigin}/user_impersonation`);
  expect(json.expires_in).toBeGreaterThanOrEqual(3599);
  expect(json.expires_in).toBeLessThan(5400);
  const info: unknown = JSON.parse(Buffer.from(String(json.client_info), 'base64url').toString());
  const { oid } = claimsOf(json.access_token);
  expect(info).toEqual({ uid: oid, utid: entra.tenant.id });
});

it('signs an id token that the published keys verify, with the nonce of the request', async () => {
  const code = await signInForCode(entra, app, { parameters: { nonce: 'n-1' } });
  const { json } = await redeemCode(entra, app, code);
  const keys = await entra.app.inject(`/${entra.tenant.id}/discovery/v2.0/keys`);
  const keySet: JSONWebKeySet = keys.json();
  const { payload } = await jwtVerify(String(json.id_token), createLocalJWKSet(keySet), {
    issuer: `${testAddresses.entra.http}/${entra.tenant.id}/v2.0`,
    audience: app.clientId,
    currentDate: new Date(entra.clock.now()),
  });
  expect(payload).toMatchObject({
    nonce: 'n-1',
    preferred_username: seededUsers.administrator,
    tid: entra.tenant.id,
    ver: '2.0',
  });
  expect(payload.oid).toBe(claimsOf(json.access_token).oid);
  const access = await jwtVerify(String(json.access_token), createLocalJWKSet(keySet), {
    currentDate: new Date(entra.clock.now()),
  });
  expect(access.protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' });
  expect(access.protectedHeader.x5t).toBe(access.protectedHeader.kid);
});

it('gives no refresh token without offline_access and no id token without openid', async () => {
  const code = await signInForCode(entra, app, {
    parameters: { scope: `${crmOrigin}/user_impersonation` },
  });
  const { json } = await redeemCode(entra, app, code);
  expect(json.access_token).toBeDefined();
  expect(json).not.toHaveProperty('refresh_token');
  expect(json).not.toHaveProperty('id_token');
});

it('gives back the audience in the form that was asked, slash included', async () => {
  const code = await signInForCode(entra, app, { parameters: { scope: `${crmOrigin}//.default openid` } });
  const { json } = await redeemCode(entra, app, code);
  expect(claimsOf(json.access_token).aud).toBe(`${crmOrigin}/`);
  expect(json.scope).toBe(`${crmOrigin}//user_impersonation ${crmOrigin}//.default`);
});

it("accepts the CRM's local address and its GUID as resource", async () => {
  for (const resource of [testAddresses.crm.http, '00000007-0000-0000-c000-000000000000']) {
    const code = await signInForCode(entra, app, { version: 1, parameters: { resource } });
    const { json } = await redeemCode(entra, app, code, { resource }, 1);
    expect(json.resource).toBe(resource);
    expect(claimsOf(json.access_token).aud).toBe(resource);
  }
});

it("redeems either version's code at the other version's endpoint", async () => {
  const v1AtV2 = await redeemCode(entra, app, await signInForCode(entra, app, { version: 1 }), {
    scope: `${crmOrigin}/user_impersonation`,
  });
  expect(v1AtV2.json).toMatchObject({ scope: `${crmOrigin}/user_impersonation` });
  expect(v1AtV2.json.refresh_token).toBeDefined();
  const v2AtV1 = await redeemCode(entra, app, await signInForCode(entra, app), { resource: crmOrigin }, 1);
  expect(v2AtV1.json).toMatchObject({ scope: 'user_impersonation', resource: crmOrigin });
});

it('does not sign the id token of v1 for a plain OAuth 2.0 request', async () => {
  const { json } = await redeemCode(entra, app, await signInForCode(entra, app, { version: 1 }), {}, 1);
  const [head, , signature] = String(json.id_token).split('.');
  expect(JSON.parse(Buffer.from(head ?? '', 'base64url').toString())).toEqual({ typ: 'JWT', alg: 'none' });
  expect(signature).toBe('');
});

it('signs the id token of v1 for a web app that asked for openid, at the refresh too', async () => {
  const parameters = { scope: 'openid', nonce: 'n-1' };
  const code = await signInForCode(entra, app, { version: 1, parameters });
  const first = await redeemCode(entra, app, code, {}, 1);
  expect(claimsOf(first.json.id_token)).toMatchObject({ nonce: 'n-1', ver: '1.0' });
  const second = await refresh(entra, app, first.json.refresh_token, { resource: crmOrigin }, 1);
  const { publicKey } = entra.context.signingKeys.current;
  for (const { json } of [first, second]) {
    const [head, payload, signature] = String(json.id_token).split('.');
    const text = Buffer.from(`${head}.${payload}`);
    expect(verify('RSA-SHA256', text, publicKey, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  }
});

it('gives a v1 sign-in that names no API a token for the userinfo endpoint alone', async () => {
  const { redirectUris } = app.application.document.web;
  const url = authorizeUrl(entra, 1, {
    client_id: app.clientId,
    redirect_uri: redirectUris[0] ?? '',
    scope: 'openid',
    nonce: 'n-1',
  });
  const shown = await signIn(await entra.browser().open(url));
  const done = hasElement(shown, 'idBtn_Back') ? await shown.submit() : shown;
  const { json } = await redeemCode(entra, app, sentParameter(done, 'code'), {}, 1);
  expect(claimsOf(json.access_token)).toMatchObject({
    aud: wellKnownIds.microsoftGraph,
    scp: 'openid profile',
  });
  const refreshed = await refresh(entra, app, json.refresh_token, {}, 1);
  expect(claimsOf(refreshed.json.access_token).scp).toBe('openid profile');
  const info = await entra.app.inject({
    url: `/${entra.tenant.id}/openid/userinfo`,
    headers: { authorization: `Bearer ${String(json.access_token)}` },
  });
  expect(info.json()).toMatchObject({ sub: claimsOf(json.id_token).sub });
});

it('takes a code once, also when two ask at the same time', async () => {
  const code = await signInForCode(entra, app);
  const answers = await Promise.all([redeemCode(entra, app, code), redeemCode(entra, app, code)]);
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 400]);
  const again = await redeemCode(entra, app, code);
  expect(again.json).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
});

it('ends a code after ten minutes', async () => {
  const code = await signInForCode(entra, app);
  entra.clock.advance(10 * minute);
  expect((await redeemCode(entra, app, code)).json.error_codes).toEqual([70008]);
  // The clock of a cloud goes on by itself, so a second is left to it.
  const inTime = await signInForCode(entra, app);
  entra.clock.advance(10 * minute - 1000);
  expect((await redeemCode(entra, app, inTime)).status).toBe(200);
});

it('binds a code to its client, its tenant and its redirect URI, and leaves it good', async () => {
  const other = entra.createApp();
  const code = await signInForCode(entra, app);
  const asOther = await redeemCode(entra, other, code);
  expect(asOther.json).toMatchObject({ error: 'invalid_grant', error_codes: [70000] });
  const elsewhere = await redeemCode(entra, app, code, { redirect_uri: 'http://localhost:9999/other' });
  expect(elsewhere.json).toMatchObject({ error: 'invalid_client', error_codes: [500112] });
  const foreign = await entra.app.inject({
    method: 'POST',
    url: '/microsoftservices.onmicrosoft.com/oauth2/v2.0/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: app.clientId,
      client_secret: app.secret,
      redirect_uri: testRedirectUri,
      code,
    }).toString(),
  });
  expect(foreign.json()).toMatchObject({ error: 'invalid_grant', error_codes: [700005] });
  expect((await redeemCode(entra, app, code)).status).toBe(200);
});

it.each([
  ['S256', challenge, verifier, 200],
  ['plain', verifier, verifier, 200],
  [undefined, verifier, verifier, 200],
  ['S256', challenge, `${verifier}x`, 501481],
  ['S256', challenge, undefined, 501481],
  ['plain', verifier, challenge, 501481],
  ['plain', verifier, `${verifier}x`, 501481],
])('PKCE with %s, challenge %s and verifier %s: %s', async (method, value, sent, outcome) => {
  const code = await signInForCode(entra, app, {
    parameters: { code_challenge: value, ...(method && { code_challenge_method: method }) },
  });
  const { status, json } = await redeemCode(entra, app, code, sent ? { code_verifier: sent } : {});
  expect(json.error_codes ?? [status]).toEqual([outcome]);
});

it('refuses a verifier where no challenge was sent', async () => {
  const code = await signInForCode(entra, app);
  const { json } = await redeemCode(entra, app, code, { code_verifier: verifier });
  expect(json.error_codes).toEqual([501481]);
});

it('gives only what was asked at the authorize endpoint', async () => {
  const code = await signInForCode(entra, app);
  const { json } = await redeemCode(entra, app, code, { scope: 'User.Read' });
  expect(json).toMatchObject({ error: 'invalid_grant', error_codes: [70000] });
});

it('asks v1 for a resource when neither call named one', async () => {
  const code = await signInForCode(entra, app, { version: 1, parameters: { resource: '' } });
  const { json } = await redeemCode(entra, app, code, {}, 1);
  expect(json.error_codes).toEqual([900144]);
  expect(json.error_description).toContain("'resource'");
});

it('refuses v1 an API that the registration does not list', async () => {
  const code = await signInForCode(entra, app, { version: 1, parameters: { resource: '' } });
  const { status, json } = await redeemCode(entra, app, code, { resource: 'https://graph.microsoft.com' }, 1);
  expect(status).toBe(400);
  expect(json).toMatchObject({ error: 'invalid_resource', error_codes: [650057] });
});

it('asks a confidential client for its secret and forbids one to a public client', async () => {
  const code = await signInForCode(entra, app);
  const form = {
    grant_type: 'authorization_code',
    client_id: app.clientId,
    code,
    redirect_uri: testRedirectUri,
  };
  const without = await entra.post('/oauth2/v2.0/token', form);
  expect([without.status, without.json.error, without.json.error_codes]).toEqual([
    401,
    'invalid_client',
    [7000218],
  ]);

  const native = entra.createApp({
    document: { publicClient: { redirectUris: ['http://localhost'] } },
  });
  const redirect_uri = 'http://localhost:53001';
  const publicCode = await signInForCode(entra, native, { parameters: { redirect_uri } });
  const withSecret = await redeemCode(entra, native, publicCode, { redirect_uri });
  expect([withSecret.status, withSecret.json.error_codes]).toEqual([401, [700025]]);
  const good = await entra.post('/oauth2/v2.0/token', {
    ...form,
    client_id: native.clientId,
    code: publicCode,
    redirect_uri,
  });
  expect(good.status).toBe(200);
  expect(claimsOf(good.json.access_token).appidacr).toBe('0');
});

it('lets only browsers redeem for single page apps, and only them', async () => {
  const redirect_uri = 'http://localhost:3000/';
  const spa = entra.createApp({ document: { spa: { redirectUris: [redirect_uri] } } });
  const code = await signInForCode(entra, spa, { parameters: { redirect_uri } });
  const form = { grant_type: 'authorization_code', client_id: spa.clientId, code, redirect_uri };
  expect((await entra.post('/oauth2/v2.0/token', form)).json.error_codes).toEqual([9002327]);
  const origin = 'http://localhost:3000';
  const good = await entra.post('/oauth2/v2.0/token', form, { origin });
  expect(good.status).toBe(200);
  expect(good.headers['access-control-allow-origin']).toBe(origin);

  const webCode = await signInForCode(entra, app);
  const crossOrigin = await entra.post(
    '/oauth2/v2.0/token',
    {
      grant_type: 'authorization_code',
      client_id: app.clientId,
      code: webCode,
      redirect_uri: testRedirectUri,
    },
    { origin },
  );
  expect(crossOrigin.json.error_codes).toEqual([9002326]);
});

it('refuses the code of a person who was disabled or signed out everywhere since', async () => {
  const { directory } = entra.context;
  const user = findUserByName(directory, seededUsers.salesperson);
  const code = await signInForCode(entra, app, { user: seededUsers.salesperson });
  updateUserProfile(directory, user?.id ?? '', { enabled: false });
  expect((await redeemCode(entra, app, code)).json).toMatchObject({
    error: 'invalid_grant',
    error_codes: [50057],
  });
  updateUserProfile(directory, user?.id ?? '', { enabled: true });
  revokeSignInSessions(directory, user?.id ?? '');
  entra.clock.advance(1);
  expect((await redeemCode(entra, app, code)).json).toMatchObject({
    error: 'invalid_grant',
    suberror: 'bad_token',
    error_codes: [50173],
  });
});

it('calls text that is no code malformed', async () => {
  const { status, json } = await redeemCode(entra, app, 'nonsense');
  expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_grant', [9002313]]);
});

it('wants the redirect URI again where the request named one (RFC 6749 §4.1.3), and not where it named none', async () => {
  const named = await signInForCode(entra, app);
  const { status, json } = await redeemCode(entra, app, named, { redirect_uri: '' });
  expect([status, json.error_codes]).toEqual([400, [900144]]);
  expect(json.error_description).toContain("'redirect_uri'");
  expect((await redeemCode(entra, app, named)).status).toBe(200);
  const unnamed = await signInForCode(entra, app, { parameters: { redirect_uri: '' } });
  expect((await redeemCode(entra, app, unnamed, { redirect_uri: '' })).status).toBe(200);
});

it('does not sign the id token that v1 gives a public client, though it asked for openid', async () => {
  const redirect_uri = 'http://localhost:53001';
  const native = entra.createApp({ document: { publicClient: { redirectUris: [redirect_uri] } } });
  const parameters = { redirect_uri, scope: 'openid', nonce: 'n-1' };
  const code = await signInForCode(entra, native, { version: 1, parameters });
  const { json } = await redeemCode(entra, native, code, { redirect_uri, client_secret: '' }, 1);
  const [head, , signature] = String(json.id_token).split('.');
  expect(JSON.parse(Buffer.from(head ?? '', 'base64url').toString())).toEqual({ typ: 'JWT', alg: 'none' });
  expect(signature).toBe('');
});

it('calls one person by another sub at each app, and by the same at each sign-in', async () => {
  const subjects = async (by: TestApp) => {
    const { json } = await redeemCode(entra, by, await signInForCode(entra, by));
    return [claimsOf(json.id_token).sub, claimsOf(json.access_token).sub];
  };
  const first = await subjects(app);
  expect(await subjects(app)).toEqual(first);
  const [id, access] = await subjects(entra.createApp());
  expect(first).not.toContain(id);
  expect(first).not.toContain(access);
});

it('says of a code that was used that it was, whatever else is wrong with it', async () => {
  const code = await signInForCode(entra, app);
  await redeemCode(entra, app, code);
  const elsewhere = await redeemCode(entra, app, code, { redirect_uri: 'http://localhost:9999/other' });
  expect(elsewhere.json.error_codes).toEqual([54005]);
  entra.clock.advance(10 * minute);
  expect((await redeemCode(entra, app, code)).json.error_codes).toEqual([54005]);
});

it('leaves the API to the authorize request where the redemption names sign-in scopes alone', async () => {
  const code = await signInForCode(entra, app);
  const { json } = await redeemCode(entra, app, code, { scope: 'openid' });
  expect(claimsOf(json.access_token)).toMatchObject({ aud: crmOrigin, scp: 'user_impersonation' });
  expect(json).toHaveProperty('refresh_token');
});

it.each([
  ['another API', `${crmOrigin}/user_impersonation`, 'https://graph.microsoft.com/.default', [70000]],
  ['a scope beside the agreed one', 'User.Read', 'User.Read Application.Read.All', [70000]],
  ['the agreed scope', 'User.Read', 'https://graph.microsoft.com/User.Read', undefined],
  ['all of the agreed API', `${crmOrigin}/user_impersonation`, `${crmOrigin}/.default`, undefined],
  [
    'a part of what was agreed by .default',
    `${crmOrigin}/.default`,
    `${crmOrigin}/user_impersonation`,
    undefined,
  ],
])('redeems within what was agreed, and not for more: %s', async (_what, agreed, asked, codes) => {
  const own = entra.createApp();
  const code = await signInForCode(entra, own, { parameters: { scope: agreed } });
  expect((await redeemCode(entra, own, code, { scope: asked })).json.error_codes).toEqual(codes);
});

it('asks v2 for a scope where a v1 sign-in named no resource', async () => {
  const parameters = { resource: '', scope: 'openid' };
  const code = await signInForCode(entra, app, { version: 1, parameters });
  expect((await redeemCode(entra, app, code)).json.error_codes).toEqual([28003]);
});

it('gives back scopes once, however they were written', async () => {
  const scope = `${crmOrigin}/USER_Impersonation openid`;
  const { json } = await redeemCode(entra, app, await signInForCode(entra, app, { parameters: { scope } }));
  expect(json.scope).toBe(`${crmOrigin}/user_impersonation`);
});

it('tells no address, name or role in an id token that was asked for openid alone', async () => {
  const code = await signInForCode(entra, app, { parameters: { scope: 'openid' } });
  const { json } = await redeemCode(entra, app, code);
  const claims = claimsOf(json.id_token);
  for (const name of ['email', 'name', 'preferred_username', 'nonce', 'roles', 'c_hash', 'at_hash']) {
    expect(claims).not.toHaveProperty(name);
  }
  expect(Number(claims.exp) - Number(claims.iat)).toBe(3900);
  expect(json).not.toHaveProperty('refresh_token');
});

it('tells the address in an id token only of a person who has one', async () => {
  const { directory } = entra.context;
  const parameters = { scope: 'openid email' };
  const emailOf = async () => {
    const code = await signInForCode(entra, app, { user: seededUsers.withoutLicence, parameters });
    return claimsOf((await redeemCode(entra, app, code)).json.id_token);
  };
  const user = findUserByName(directory, seededUsers.withoutLicence);
  expect(await emailOf()).toHaveProperty('email', user?.mail);
  updateUserProfile(directory, user?.id ?? '', { mail: null });
  expect(await emailOf()).not.toHaveProperty('email');
  updateUserProfile(directory, user?.id ?? '', { mail: user?.mail ?? null });
});

it('gives sign-in scopes alone a token of Graph that tells who signed in, and nothing of offline_access', async () => {
  const own = entra.createApp();
  const parameters = { scope: 'openid profile offline_access' };
  const { json } = await redeemCode(entra, own, await signInForCode(entra, own, { parameters }));
  const { aud, scp } = claimsOf(json.access_token);
  expect(aud).toBe(wellKnownIds.microsoftGraph);
  expect(
    String(scp)
      .split(' ')
      .toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(['openid', 'profile']);
});

it('takes a code until ten minutes are over, to the millisecond', async () => {
  const own = await openTestEntra({ base: { now: () => Date.UTC(2026, 0, 31, 10) } });
  const client = own.createApp();
  const codes = [await signInForCode(own, client), await signInForCode(own, client)];
  own.clock.advance(10 * minute - 1);
  const inTime = await redeemCode(own, client, codes[0] ?? '');
  own.clock.advance(1);
  const late = await redeemCode(own, client, codes[1] ?? '');
  await own.close();
  expect([inTime.json.error_codes, late.json.error_codes]).toEqual([undefined, [70008]]);
});

it('takes no resource at v2', async () => {
  const code = await signInForCode(entra, app);
  expect((await redeemCode(entra, app, code, { resource: crmOrigin })).json.error_codes).toEqual([901002]);
});
