import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { isRecord } from '../../ground/json.ts';
import { claimsOf, openTestEntra, type TestEntra, testAddresses } from '../testing/open-test-entra.ts';
import { redeemCode, signInForCode } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
let guid: string;
beforeAll(async () => {
  entra = await openTestEntra();
  guid = entra.tenant.id;
});
afterAll(() => entra.close());

const origin = 'http://localhost:4481';

async function get(path: string): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await entra.app.inject(path);
  return { status: answer.statusCode, json: answer.json() };
}

it('v1 describes the v1 endpoints below the GUID of the tenant, whatever it was asked by', async () => {
  const { json } = await get('/Contoso.onmicrosoft.com/.well-known/openid-configuration');
  expect(json).toMatchObject({
    issuer: `https://sts.windows.net/${guid}/`,
    token_endpoint: `${origin}/${guid}/oauth2/token`,
    authorization_endpoint: `${origin}/${guid}/oauth2/authorize`,
    device_authorization_endpoint: `${origin}/${guid}/oauth2/devicecode`,
    end_session_endpoint: `${origin}/${guid}/oauth2/logout`,
    jwks_uri: `${origin}/common/discovery/keys`,
    scopes_supported: ['openid'],
    microsoft_multi_refresh_token: true,
    tenant_region_scope: 'EU',
  });
});

it('v2 describes the v2 endpoints, and leaves out what the real one leaves out', async () => {
  const { json } = await get(`/${guid}/v2.0/.well-known/openid-configuration`);
  expect(json).toMatchObject({
    issuer: `${origin}/${guid}/v2.0`,
    userinfo_endpoint: `${testAddresses.graph.http}/oidc/userinfo`,
    token_endpoint: `${origin}/${guid}/oauth2/v2.0/token`,
    authorization_endpoint: `${origin}/${guid}/oauth2/v2.0/authorize`,
    jwks_uri: `${origin}/${guid}/discovery/v2.0/keys`,
    request_uri_parameter_supported: false,
  });
  expect(json).not.toHaveProperty('code_challenge_methods_supported');
  expect(json).not.toHaveProperty('pushed_authorization_request_endpoint');
});

it.each([
  ['common', 1, 'https://sts.windows.net/{tenantid}/'],
  ['organizations', 1, 'https://sts.windows.net/{tenantid}/'],
  ['common', 2, `${origin}/{tenantid}/v2.0`],
  ['organizations', 2, `${origin}/{tenantid}/v2.0`],
  ['consumers', 2, `${origin}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`],
])('%s of v%i names the issuer %s', async (tenant, version, issuer) => {
  const { json } = await get(`/${tenant}${version === 2 ? '/v2.0' : ''}/.well-known/openid-configuration`);
  expect(json.issuer).toBe(issuer);
  expect(json.tenant_region_scope).toBeNull();
  expect(String(json.token_endpoint).startsWith(`${origin}/${tenant}/`)).toBe(true);
});

it('an unknown tenant is an OAuth error', async () => {
  for (const path of ['.well-known/openid-configuration', 'v2.0/.well-known/openid-configuration']) {
    const { status, json } = await get(`/fabrikam.com/${path}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
  }
});

it('every advertised endpoint is there', async () => {
  for (const path of ['.well-known/openid-configuration', 'v2.0/.well-known/openid-configuration']) {
    const { json } = await get(`/${guid}/${path}`);
    for (const name of ['token', 'authorization', 'device_authorization', 'end_session', 'userinfo']) {
      const endpoint = new URL(String(json[`${name}_endpoint`]));
      // v2's userinfo endpoint is Graph's.
      if (endpoint.origin === testAddresses.graph.http) continue;
      const answer = await entra.app.inject({
        method: name.includes('authorization') ? 'POST' : 'GET',
        url: endpoint.pathname,
      });
      expect([name, answer.statusCode]).not.toEqual([name, 404]);
    }
  }
});

it('web pages may ask for documents and user info, with headers of their own', async () => {
  for (const path of ['v2.0/.well-known/openid-configuration', 'discovery/v2.0/keys', 'openid/userinfo']) {
    const { statusCode, headers } = await entra.app.inject({
      method: 'OPTIONS',
      url: `/${guid}/${path}`,
      headers: {
        origin: 'https://page.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    expect([path, statusCode, headers['access-control-allow-headers']]).toEqual([path, 204, 'authorization']);
    expect(headers['access-control-allow-origin']).toBe('*');
  }
});

/** The objects of a list. */
function recordsIn(list: unknown): Record<string, unknown>[] {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return items.filter(isRecord);
}

it('publishes the keys; only v2 names their issuer', async () => {
  const v1 = await get('/common/discovery/keys');
  const v2 = await get(`/${guid}/discovery/v2.0/keys`);
  const [key] = recordsIn(v1.json.keys);
  expect(key).toMatchObject({ kty: 'RSA', use: 'sig', e: 'AQAB' });
  expect(key).not.toHaveProperty('issuer');
  expect(key?.kid).toBe(key?.x5t);
  const certificate = new X509Certificate(Buffer.from(String(key?.x5c), 'base64'));
  expect(createHash('sha1').update(certificate.raw).digest('base64url')).toBe(key?.kid);
  expect(recordsIn(v2.json.keys)[0]?.issuer).toBe(`${origin}/${guid}/v2.0`);
  expect((await get(`/${guid}/discovery/keys`)).json).toEqual(v1.json);
});

it('instance discovery names this host first, then those of Microsoft', async () => {
  const endpoint = `${origin}/${guid}/oauth2/v2.0/authorize`;
  const { json } = await get(
    `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(endpoint)}`,
  );
  expect(json.tenant_discovery_endpoint).toBe(`${origin}/${guid}/v2.0/.well-known/openid-configuration`);
  expect(json['api-version']).toBe('1.1');
  const metadata = recordsIn(json.metadata);
  expect(metadata[0]).toMatchObject({ preferred_network: 'localhost:4481' });
  expect(metadata[0]?.aliases).toContain('localhost:4491');
  expect(metadata[1]?.aliases).toContain('login.windows.net');
});

it.each([
  ['https://login.example.com/common/oauth2/authorize', 'invalid_instance'],
  ['nonsense', 'invalid_request'],
])('instance discovery refuses %s', async (endpoint, error) => {
  const { status, json } = await get(
    `/common/discovery/instance?authorization_endpoint=${encodeURIComponent(endpoint)}`,
  );
  expect([status, json.error]).toEqual([400, error]);
});

it('user realm goes by the domain, whoever is asked for', async () => {
  const ask = async (name: string) => (await get(`/common/userrealm/${name}?api-version=1.0`)).json;
  for (const name of [seededUsers.administrator, 'nobody@CONTOSO.onmicrosoft.com']) {
    expect(await ask(name)).toMatchObject({ account_type: 'Managed', domain_name: name.split('@')[1] });
  }
  for (const name of ['nobody@example.com', 'nobody', entra.tenant.id]) {
    expect((await ask(name)).account_type).toBe('Unknown');
  }
});

it('version 2 of the user realm names the organization', async () => {
  const ask = async (name: string) => (await get(`/common/userrealm/${name}?api-version=2.1`)).json;
  const login = 'nobody@contoso.onmicrosoft.com';
  expect(await ask(login)).toMatchObject({
    NameSpaceType: 'Managed',
    Login: login,
    DomainName: 'contoso.onmicrosoft.com',
    FederationBrandName: 'Contoso',
  });
  expect(await ask('nobody@example.com')).toMatchObject({ NameSpaceType: 'Unknown' });
});

it('user info tells who the token is for, with the subject of the id token', async () => {
  const app = entra.createApp();
  const code = await signInForCode(entra, app, { parameters: { scope: 'openid profile email User.Read' } });
  const { json } = await redeemCode(entra, app, code);
  const info = await entra.app.inject({
    url: `/${guid}/openid/userinfo`,
    headers: { authorization: `Bearer ${String(json.access_token)}` },
  });
  expect(info.json()).toMatchObject({
    sub: claimsOf(json.id_token).sub,
    email: seededUsers.administrator,
  });
  expect((await entra.app.inject(`/${guid}/openid/userinfo`)).statusCode).toBe(401);
});
