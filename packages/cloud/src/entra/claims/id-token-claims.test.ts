import { createHash } from 'node:crypto';
import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { contosoDomain, seededUsers } from '../../directory/seed-contoso.ts';
import { findUserByName, type User, updateUserProfile } from '../../directory/users.ts';
import {
  authorizeUrl,
  claimsOf,
  openTestEntra,
  signIn,
  type TestEntra,
  testAddresses,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { redeemCode, signInForCode } from '../testing/sign-in-for-code.ts';

const now = Date.UTC(2026, 0, 31, 10);

let entra: TestEntra;
let user: User;
beforeEach(async () => {
  entra = await openTestEntra({ base: { now: () => now } });
  const found = findUserByName(entra.context.directory, seededUsers.administrator);
  if (!found) throw new Error('The seed has no administrator.');
  user = found;
});
afterEach(() => entra.close());

async function answerTo(parameters: Record<string, string>, version: 1 | 2 = 2) {
  const app = entra.createApp();
  const code = await signInForCode(entra, app, { version, parameters });
  const { json } = await redeemCode(entra, app, code, {}, version);
  return { app, json };
}

async function idTokenFor(scope: string) {
  return claimsOf((await answerTo({ scope })).json.id_token);
}

it('tells nothing of a person but who it is where openid alone was asked for', async () => {
  const { app, json } = await answerTo({ scope: 'openid' });
  const { uti, rh: _rh, ...claims } = claimsOf(json.id_token);
  expect(Buffer.from(String(uti), 'base64url')).toHaveLength(16);
  expect(claims).toEqual({
    aud: app.clientId,
    iss: `${testAddresses.entra.http}/${entra.tenant.id}/v2.0`,
    iat: now / 1000 - 300,
    nbf: now / 1000 - 300,
    exp: now / 1000 + 3600,
    oid: user.id,
    sub: claims.sub,
    tid: entra.tenant.id,
    ver: '2.0',
  });
});

it('tells the names for profile and the address for email', async () => {
  const profile = await idTokenFor('openid profile');
  expect(profile).toMatchObject({ name: 'Megan Bowen', preferred_username: seededUsers.administrator });
  expect(profile).not.toHaveProperty('email');
  const email = await idTokenFor('openid email');
  expect(email).toMatchObject({ email: user.mail });
  expect(email).not.toHaveProperty('name');
  expect(email).not.toHaveProperty('preferred_username');
});

it('gives the nonce back', async () => {
  const { json } = await answerTo({ scope: 'openid', nonce: 'n-1' });
  expect(claimsOf(json.id_token).nonce).toBe('n-1');
});

it('says at v1 by its header that it is not signed, and tells the names always', async () => {
  const { app, json } = await answerTo({}, 1);
  const [header = '', , signature] = String(json.id_token).split('.');
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ typ: 'JWT', alg: 'none' });
  expect(signature).toBe('');
  const claims = claimsOf(json.id_token);
  expect(claims).toEqual({
    amr: ['pwd'],
    aud: app.clientId,
    exp: now / 1000 + 3600,
    family_name: 'Bowen',
    given_name: 'Megan',
    iat: now / 1000 - 300,
    ipaddr: '127.0.0.1',
    iss: `https://sts.windows.net/${entra.tenant.id}/`,
    name: 'Megan Bowen',
    nbf: now / 1000 - 300,
    oid: user.id,
    sub: claims.sub,
    tid: entra.tenant.id,
    unique_name: seededUsers.administrator,
    upn: seededUsers.administrator,
    ver: '1.0',
  });
});

it('is bound to the code or the access token that comes beside it', async () => {
  const { web } = emptyApplicationDocument(contosoDomain);
  const app = entra.createApp({
    document: {
      web: {
        ...web,
        redirectUris: [testRedirectUri],
        implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: true },
      },
    },
  });
  const ask = async (responseType: string) => {
    const shown = await signIn(
      await entra.browser().open(
        authorizeUrl(entra, 2, {
          client_id: app.clientId,
          redirect_uri: testRedirectUri,
          response_type: responseType,
          scope: 'openid User.Read',
          nonce: 'n-1',
        }),
      ),
    );
    const sent = shown.location ?? (await shown.submit()).location;
    return Object.fromEntries(new URLSearchParams(sent?.hash.slice(1)));
  };
  const half = (text: string | undefined) =>
    createHash('sha256')
      .update(text ?? '')
      .digest()
      .subarray(0, 16)
      .toString('base64url');

  const hybrid = await ask('code id_token');
  expect(claimsOf(hybrid.id_token).c_hash).toBe(half(hybrid.code));
  expect(claimsOf(hybrid.id_token)).not.toHaveProperty('at_hash');
  const implicit = await ask('id_token token');
  expect(claimsOf(implicit.id_token).at_hash).toBe(half(implicit.access_token));
  expect(claimsOf(implicit.id_token)).not.toHaveProperty('c_hash');
  expect(claimsOf(implicit.access_token).aud).toBe(wellKnownIds.microsoftGraph);
});

it("names the account, beside v2's tokens, to who asks as Microsoft's libraries do", async () => {
  const app = entra.createApp();
  const code = () => signInForCode(entra, app, { parameters: { client_info: '1' } });
  const { json } = await redeemCode(entra, app, await code(), { client_info: '1' });
  for (const client_info of ['0', 'true', '']) {
    const unasked = await redeemCode(entra, app, await code(), { client_info });
    expect(unasked.json).not.toHaveProperty('client_info');
  }
  expect(JSON.parse(Buffer.from(String(json.client_info), 'base64url').toString())).toEqual({
    uid: user.id,
    utid: entra.tenant.id,
  });
});

it('tells no address of a person who has none', async () => {
  updateUserProfile(entra.context.directory, user.id, { mail: null });
  expect(await idTokenFor('openid email')).not.toHaveProperty('email');
});

it('tells the name to sign in by at v2 for profile alone, though the app lists it', async () => {
  const optionalClaims = { idToken: [{ name: 'preferred_username' }] };
  const app = entra.createApp({ document: { optionalClaims } });
  const code = await signInForCode(entra, app, { parameters: { scope: 'openid' } });
  const { json } = await redeemCode(entra, app, code);
  expect(claimsOf(json.id_token)).not.toHaveProperty('preferred_username');
});
