import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FederatedIdentityCredential } from '../../directory/application-document.ts';
import { storeFederatedIssuer } from '../../directory/federated-issuers.ts';
import { seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import {
  claimsOf,
  crmAccess,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
} from '../testing/open-test-entra.ts';
import { openTestIssuer, type TestIssuer } from '../testing/open-test-issuer.ts';
import { crmScope, redeemCode, refresh, signInForCode } from '../testing/sign-in-for-code.ts';

const audience = 'api://AzureADTokenExchange';
const subject = 'repo:contoso/crm:ref:refs/heads/main';
const hour = 3600;

let entra: TestEntra;
let issuer: TestIssuer;
let app: TestApp;

beforeAll(async () => {
  entra = await openTestEntra();
  issuer = await openTestIssuer();
  app = trusting(issuer.issuer);
});
afterAll(async () => {
  await entra.close();
  await issuer.close();
});

function trusting(name: string, changes: Partial<FederatedIdentityCredential> = {}): TestApp {
  const credential = {
    id: entra.context.random.guid(),
    name: 'main-branch',
    issuer: name,
    subject,
    description: null,
    audiences: [audience],
    ...changes,
  };
  return entra.createApp({ document: { federatedIdentityCredentials: [credential] } });
}

function claims(changes: object = {}): object {
  const now = Math.floor(entra.clock.now() / 1000);
  return { iss: issuer.issuer, sub: subject, aud: audience, iat: now, nbf: now, exp: now + hour, ...changes };
}

function asProof(assertion: string): Record<string, string> {
  return {
    client_secret: '',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}

function present(assertion: string, client: TestApp = app, version: 1 | 2 = 2) {
  return entra.post(version === 1 ? '/oauth2/token' : '/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: client.clientId,
    ...(version === 1 ? { resource: crmOrigin } : { scope: `${crmOrigin}/.default` }),
    ...asProof(assertion),
  });
}

it.each([1, 2] as const)("takes another issuer's token in place of a secret at v%i", async (version) => {
  const { status, json } = await present(issuer.sign(claims()), app, version);
  expect([status, json.error_description]).toEqual([200, undefined]);
  expect(claimsOf(json.access_token)).toMatchObject({ appid: app.clientId, appidacr: '2' });
});

it('takes it again until it ends, and one whose audiences are several', async () => {
  const assertion = issuer.sign(claims({ jti: 'once', aud: ['other', audience] }));
  expect((await present(assertion)).status).toBe(200);
  expect((await present(assertion)).status).toBe(200);
});

it.each([1, 2] as const)('redeems codes and refresh tokens with it at v%i', async (version) => {
  const code = await signInForCode(entra, app, { version });
  const first = await redeemCode(entra, app, code, asProof(issuer.sign(claims())), version);
  expect(first.status).toBe(200);
  const again = asProof(issuer.sign(claims()));
  expect((await refresh(entra, app, first.json.refresh_token, again, version)).status).toBe(200);
  const refused = asProof(issuer.sign(claims({ sub: 'stranger' })));
  const { status, json } = await refresh(entra, app, first.json.refresh_token, refused, version);
  expect([status, json.error, json.error_codes]).toEqual([401, 'invalid_client', [700213]]);
});

it("trades a person's token on their behalf with it", async () => {
  const uri = 'api://federated-ledger';
  const scope = {
    id: entra.context.random.guid(),
    value: 'read',
    type: 'User',
    isEnabled: true,
    adminConsentDisplayName: 'Read',
    adminConsentDescription: 'Read the ledger',
    userConsentDisplayName: null,
    userConsentDescription: null,
  } as const;
  const api = { knownClientApplications: [], preAuthorizedApplications: [] };
  const ledger = entra.createApp({
    document: {
      identifierUris: [uri],
      isFallbackPublicClient: true,
      api: {
        ...api,
        acceptMappedClaims: null,
        requestedAccessTokenVersion: null,
        oauth2PermissionScopes: [scope],
      },
      requiredResourceAccess: [crmAccess],
      federatedIdentityCredentials: app.application.document.federatedIdentityCredentials ?? [],
    },
  });
  await signInForCode(entra, ledger);
  await signInForCode(entra, ledger, { parameters: { scope: `${uri}/read` } });
  const { json: called } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'password',
    client_id: ledger.clientId,
    username: seededUsers.administrator,
    password: seededPassword,
    scope: `${uri}/read`,
  });
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    requested_token_use: 'on_behalf_of',
    client_id: ledger.clientId,
    assertion: String(called.access_token),
    scope: crmScope,
    ...asProof(issuer.sign(claims())),
  });
  expect(json.error_description).toBeUndefined();
  expect(claimsOf(json.access_token)).toMatchObject({ appid: ledger.clientId, scp: 'user_impersonation' });
});

it.each<[string, () => string, number, string]>([
  [
    'another issuer',
    () => issuer.sign(claims({ iss: 'https://token.example' })),
    700211,
    'https://token.example',
  ],
  ['the issuer with a slash', () => issuer.sign(claims({ iss: `${issuer.issuer}/` })), 700211, 'issuer'],
  ['another subject', () => issuer.sign(claims({ sub: 'repo:contoso/crm:tag' })), 700213, 'tag'],
  ['no subject', () => issuer.sign(claims({ sub: undefined })), 700213, 'subject'],
  ['a subject in other letters', () => issuer.sign(claims({ sub: subject.toUpperCase() })), 7002138, 'case'],
  ['another audience', () => issuer.sign(claims({ aud: 'api://other' })), 700212, "'api://other'"],
  ['no audience', () => issuer.sign(claims({ aud: undefined })), 700212, 'audience'],
  ['an end that is past', () => issuer.sign(claims({ exp: 1 })), 700024, '1970-01-01T00:00:01.000Z'],
  ['no end', () => issuer.sign(claims({ exp: undefined })), 700024, 'none'],
  ['a beginning to come', () => issuer.sign(claims({ nbf: 1e300 })), 700024, 'none'],
  ['a key of nobody', () => issuer.sign(claims(), { kid: 'unknown' }), 7000272, 'unknown'],
  ['a broken signature', () => `${issuer.sign(claims()).slice(0, -8)}AAAAAAAA`, 700027, 'signature'],
])('refuses a token with %s', async (_name, assertion, code, part) => {
  const { status, json } = await present(assertion());
  expect([status, json.error, json.error_codes]).toEqual([401, 'invalid_client', [code]]);
  expect(json.error_description).toContain(part);
});

it.each(['none', 'HS256', 'PS256'])('refuses a token of the algorithm %s', async (alg) => {
  const { status, json } = await present(issuer.sign(claims(), { alg }));
  expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_request', [5002730]]);
});

it("does not take one app's trust for another's", async () => {
  const { json } = await present(issuer.sign(claims()), entra.createApp());
  expect(json.error_codes).toEqual([700211]);
});

it('fetches the keys once an hour, and again when a token names a new one', async () => {
  const other = await openTestIssuer();
  const client = trusting(other.issuer);
  const iss = other.issuer;
  const send = () => present(other.sign(claims({ iss })), client);
  expect([(await send()).status, (await send()).status, other.keyFetches()]).toEqual([200, 200, 1]);
  other.rotateKey();
  expect([(await send()).status, other.keyFetches()]).toEqual([200, 2]);
  entra.clock.advance(hour * 1000);
  expect([(await send()).status, other.keyFetches()]).toEqual([200, 3]);
  await other.close();
  expect((await send()).status).toBe(200);
});

it.each<[string, Parameters<TestIssuer['answerBy']>[0], string]>([
  ['a web page', (_request, response) => response.end('<html>'), 'does not answer with a JSON object'],
  ['an error', (_request, response) => response.writeHead(503).end('{}'), 'HTTP status 503'],
  [
    'a redirect',
    (_request, response) => response.writeHead(302, { location: 'https://example.com' }).end(),
    '302',
  ],
  ['too much', (_request, response) => response.end('x'.repeat(300_000)), 'more than is read'],
  ['nothing', (request) => request.socket.destroy(), 'can not be reached (ECONNRESET)'],
  [
    "another issuer's document",
    (_request, response) => response.end('{"issuer":"https://example.com"}'),
    'another issuer',
  ],
])('says that an issuer answers with %s', async (_name, handler, reason) => {
  const broken = await openTestIssuer();
  broken.answerBy(handler);
  const { status, json } = await present(
    broken.sign(claims({ iss: broken.issuer })),
    trusting(broken.issuer),
  );
  await broken.close();
  expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_request', [501661]]);
  expect(json.error_description).toContain(broken.issuer);
  expect(json.error_description).toContain(reason);
});

it.each([
  ['https://keys.example.com/set', 'a jwks_uri that is not on this machine'],
  ['nowhere', 'no jwks_uri'],
])('does not look for keys at %s', async (keysAddress, reason) => {
  const astray = await openTestIssuer();
  astray.answerBy((_request, response) =>
    response.end(JSON.stringify({ issuer: astray.issuer, jwks_uri: keysAddress })),
  );
  const { json } = await present(astray.sign(claims({ iss: astray.issuer })), trusting(astray.issuer));
  await astray.close();
  expect(json.error_codes).toEqual([501661]);
  expect(json.error_description).toContain(reason);
});

it('asks no issuer elsewhere, and takes its tokens where its keys were handed in', async () => {
  const iss = 'https://token.actions.githubusercontent.com';
  const client = trusting(iss);
  const assertion = issuer.sign(claims({ iss }));
  const { json } = await present(assertion, client);
  expect(json.error_codes).toEqual([501661]);
  expect(json.error_description).toContain('federatedIssuers');
  storeFederatedIssuer(entra.context.directory, { issuer: iss, jwks: issuer.jwks() });
  expect((await present(assertion, client)).status).toBe(200);
});

it.each([1, 2])("takes a v%i token of this cloud's own tenant", async (version) => {
  const uri = `api://exchange-${version}`;
  const empty = { acceptMappedClaims: null, knownClientApplications: [], preAuthorizedApplications: [] };
  const workload = entra.createApp({
    document: {
      identifierUris: [uri],
      api: { ...empty, oauth2PermissionScopes: [], requestedAccessTokenVersion: version },
    },
  });
  const { json: made } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: workload.clientId,
    client_secret: workload.secret,
    scope: `${uri}/.default`,
  });
  const { iss, sub, aud } = claimsOf(made.access_token);
  const client = trusting(String(iss), { subject: String(sub), audiences: [String(aud)] });
  const { status, json } = await present(String(made.access_token), client);
  expect([status, json.error_description]).toEqual([200, undefined]);
});
