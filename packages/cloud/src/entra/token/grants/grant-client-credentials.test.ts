import { wellKnownAppRoles, wellKnownIds } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAppRoleAssignment } from '../../../directory/app-role-assignments.ts';
import { restoreApplication, softDeleteApplication } from '../../../directory/applications.ts';
import { addClientSecret, listClientSecrets } from '../../../directory/client-secrets.ts';
import { installApplication } from '../../../directory/install-application.ts';
import {
  findServicePrincipalByAppId,
  updateServicePrincipal,
} from '../../../directory/service-principals.ts';
import { readJwt } from '../../../jwt/read-jwt.ts';
import { verifyAccessToken } from '../../../jwt/verify-access-token.ts';
import {
  claimsOf,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
  type TokenAnswer,
} from '../../testing/open-test-entra.ts';

let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterAll(() => entra.close());

const v1 = '/oauth2/token';
const v2 = '/oauth2/v2.0/token';
const hour = 3_600_000;
const scope = `${crmOrigin}/.default`;

function ask(
  path: string,
  changes: Record<string, string>,
  { clientId, secret } = app,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  return entra.post(
    path,
    { grant_type: 'client_credentials', client_id: clientId, client_secret: secret, ...changes },
    headers,
  );
}

it('answers v2 with integers and nothing of a person', async () => {
  const { status, json } = await ask(v2, { scope });
  expect(status).toBe(200);
  expect(Object.keys(json)).toEqual(['token_type', 'expires_in', 'ext_expires_in', 'access_token']);
  expect(Number.isInteger(json.expires_in)).toBe(true);
  const principal = findServicePrincipalByAppId(entra.context.directory, entra.tenant.id, app.clientId);
  const claims = claimsOf(json.access_token);
  expect(claims).toMatchObject({
    aud: crmOrigin,
    appid: app.clientId,
    appidacr: '1',
    oid: principal?.id,
    sub: principal?.id,
    ver: '1.0',
  });
  expect(claims).not.toHaveProperty('scp');
  expect(claims).not.toHaveProperty('roles');
  expect(verifyAccessToken(entra.context, String(json.access_token)).valid).toBe(true);
});

it('answers v1 with strings and the resource as asked', async () => {
  const { json } = await ask(v1, { resource: `${crmOrigin}/` });
  expect(Object.keys(json).join(' ')).toBe(
    'token_type expires_in ext_expires_in expires_on not_before resource access_token',
  );
  expect(json.resource).toBe(`${crmOrigin}/`);
  expect(claimsOf(json.access_token).aud).toBe(`${crmOrigin}/`);
});

it('spreads the life of tokens between 60 and 90 minutes', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(v2, { scope })));
  const lives = new Set(answers.map(({ json }) => Number(json.expires_in)));
  expect(lives.size).toBeGreaterThan(5);
  expect(Math.min(...lives)).toBeGreaterThanOrEqual(3599);
  expect(Math.max(...lives)).toBeLessThan(5400);
});

it('takes the secret by HTTP Basic, form-encoded', async () => {
  const pair = `${app.clientId}:${encodeURIComponent(app.secret)}`;
  const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  const { status } = await entra.post(v2, { grant_type: 'client_credentials', scope }, { authorization });
  expect(status).toBe(200);
});

it('names the roles that the app was given on Graph, as soon as it was given them', async () => {
  const graphScope = { scope: 'https://graph.microsoft.com/.default' };
  expect(claimsOf((await ask(v2, graphScope)).json.access_token)).not.toHaveProperty('roles');
  const { directory } = entra.context;
  const client = findServicePrincipalByAppId(directory, entra.tenant.id, app.clientId);
  const graph = findServicePrincipalByAppId(directory, entra.tenant.id, wellKnownIds.microsoftGraph);
  createAppRoleAssignment(directory, {
    tenantId: entra.tenant.id,
    appRoleId: wellKnownAppRoles.microsoftGraph['Organization.Read.All'].id,
    principalId: client?.id ?? '',
    principalType: 'ServicePrincipal',
    resourceId: graph?.id ?? '',
  });
  expect(claimsOf((await ask(v2, graphScope)).json.access_token).roles).toEqual(['Organization.Read.All']);
});

it('tells a wrong secret from an ended one', async () => {
  const wrong = await ask(v2, { scope, client_secret: 'wrong' });
  expect([wrong.status, wrong.json.error, wrong.json.error_codes]).toEqual([
    401,
    'invalid_client',
    [7000215],
  ]);
  const { directory } = entra.context;
  const startAt = entra.clock.now();
  const { secretText } = addClientSecret(directory, app.application.id, {
    displayName: null,
    startAt,
    endAt: startAt + hour,
  });
  expect((await ask(v2, { scope, client_secret: secretText })).status).toBe(200);
  entra.clock.advance(hour);
  const ended = await ask(v2, { scope, client_secret: secretText });
  expect([ended.status, ended.json.error_codes]).toEqual([401, [7000222]]);
  expect(JSON.stringify(ended.json)).not.toContain(secretText);
});

it.each<[string, string, Record<string, string>, number, string, number]>([
  ['no secret', v2, { scope, client_secret: '' }, 401, 'invalid_client', 7000216],
  ['an assertion of no kind', v2, { scope, client_assertion: 'a.b.c' }, 400, 'invalid_request', 900144],
  ['a single scope', v2, { scope: `${crmOrigin}/user_impersonation` }, 400, 'invalid_scope', 70011],
  ['two scopes', v2, { scope: `${scope} https://graph.microsoft.com/.default` }, 400, 'invalid_scope', 70011],
  ['a scope without API', v2, { scope: '/.default' }, 400, 'invalid_scope', 70011],
  ['no scope', v2, {}, 400, 'invalid_request', 900144],
  ['no resource', v1, {}, 400, 'invalid_request', 900144],
  ['resource on v2', v2, { resource: crmOrigin, scope }, 400, 'invalid_request', 901002],
  [
    "another organization's CRM",
    v1,
    { resource: 'https://fabrikam.crm4.dynamics.com' },
    400,
    'invalid_resource',
    500011,
  ],
  [
    'a client that nobody knows',
    v2,
    { scope, client_id: '11111111-1111-1111-1111-111111111111' },
    400,
    'unauthorized_client',
    700016,
  ],
])('refuses %s', async (_name, path, changes, status, error, code) => {
  const answer = await ask(path, changes);
  expect([answer.status, answer.json.error, answer.json.error_codes]).toEqual([status, error, [code]]);
});

it('names the address and the id of the tenant in 500011', async () => {
  const { json } = await ask(v1, { resource: 'https://fabrikam.crm4.dynamics.com' });
  expect(json.error_description).toContain(
    `The resource principal named https://fabrikam.crm4.dynamics.com was not found in the tenant named ${entra.tenant.id}.`,
  );
});

it('needs a tenant', async () => {
  const answer = await entra.post('/common/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope,
  });
  expect([answer.status, answer.json.error_codes]).toEqual([400, [50059]]);
});

it('finds an app only once it has a service principal in the tenant, and not when that is disabled', async () => {
  const fresh = entra.createApp({ isInstalled: false });
  expect((await ask(v2, { scope }, fresh)).json.error_codes).toEqual([700016]);
  const installed = entra.createApp();
  expect((await ask(v2, { scope }, installed)).status).toBe(200);
  entra.context.directory
    .prepare('UPDATE service_principals SET account_enabled = 0 WHERE app_id = ?')
    .run(installed.clientId);
  expect((await ask(v2, { scope }, installed)).json).toMatchObject({
    error: 'unauthorized_client',
    error_codes: [7000112],
  });
});

it('knows a deleted app no more, until it is restored and has a service principal again', async () => {
  const gone = entra.createApp();
  const { directory } = entra.context;
  softDeleteApplication(directory, gone.application);
  expect((await ask(v2, { scope }, gone)).json.error_codes).toEqual([700016]);
  restoreApplication(directory, gone.application.id);
  expect((await ask(v2, { scope }, gone)).json.error_codes).toEqual([700016]);
  installApplication(directory, entra.tenant.id, gone.application);
  expect((await ask(v2, { scope }, gone)).status).toBe(200);
});

it('gives v2-shaped tokens for an API that wants them', async () => {
  const api = entra.createApp({
    displayName: 'Own API',
    document: {
      identifierUris: ['https://contoso.onmicrosoft.com/own-api'],
      api: {
        acceptMappedClaims: null,
        knownClientApplications: [],
        requestedAccessTokenVersion: 2,
        oauth2PermissionScopes: [],
        preAuthorizedApplications: [],
      },
    },
  });
  for (const name of ['https://contoso.onmicrosoft.com/own-api', `api://${api.clientId}`]) {
    const { json } = await ask(v2, { scope: `${name}/.default` });
    expect(claimsOf(json.access_token)).toMatchObject({
      aud: api.clientId,
      azp: app.clientId,
      iss: `http://localhost:4481/${entra.tenant.id}/v2.0`,
      ver: '2.0',
    });
    expect(verifyAccessToken(entra.context, String(json.access_token)).valid).toBe(true);
    expect(Object.keys(headerOf(json.access_token))).toEqual(['typ', 'alg', 'kid']);
  }
  const ofCrm = await ask(v2, { scope });
  expect(Object.keys(headerOf(ofCrm.json.access_token))).toEqual(['typ', 'alg', 'x5t', 'kid']);
});

function headerOf(token: unknown): object {
  return readJwt(String(token))?.header ?? {};
}

it('does not know a new app, then a new secret of it, until they have arrived', async () => {
  const late = entra.createApp();
  const [secret] = listClientSecrets(entra.context.directory, late.application.id);
  const { replication } = entra.context;
  const codes = async () => (await ask(v2, { scope }, late)).json.error_codes;
  replication.delaySeconds = 10;
  replication.note(late.clientId);
  expect(await codes()).toEqual([700016]);
  entra.clock.advance(5000);
  replication.note(secret?.keyId ?? '');
  entra.clock.advance(5000);
  expect(await codes()).toEqual([7000215]);
  entra.clock.advance(5000);
  expect(await codes()).toBeUndefined();
  replication.delaySeconds = 0;
});

it.each([
  [v1, { resource: crmOrigin }],
  [v2, { scope: `${crmOrigin}/.DEFAULT` }],
])('gives bearer tokens at %s, whatever the case of the scope', async (path, form) => {
  const { status, json } = await ask(path, form);
  expect([status, json.token_type]).toEqual([200, 'Bearer']);
});

it('refuses claims that it can not read', async () => {
  const { json } = await ask(v2, { scope, claims: '{' });
  expect(json.error_codes).toEqual([90013]);
});

it('lets an app with a role in where an API demands one, and tells who lacks it', async () => {
  const own = await openTestEntra();
  const { directory } = own.context;
  const client = own.createApp({ displayName: 'Nightly' });
  const absent = own.createApp({ isInstalled: false });
  const graph = findServicePrincipalByAppId(directory, own.tenant.id, wellKnownIds.microsoftGraph);
  if (!graph) throw new Error('The seed has no Graph.');
  updateServicePrincipal(directory, {
    ...graph,
    document: { ...graph.document, appRoleAssignmentRequired: true },
  });
  const send = async ({ clientId, secret }: TestApp) =>
    (
      await own.post(v2, {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: secret,
        scope: 'https://graph.microsoft.com/.default',
      })
    ).json;
  const refused = await send(client);
  expect(refused.error_codes).toEqual([501051]);
  for (const part of [client.clientId, 'Nightly', wellKnownIds.microsoftGraph, graph.displayName]) {
    expect(refused.error_description).toContain(part);
  }
  expect((await send(absent)).error_codes).toEqual([700016]);
  createAppRoleAssignment(directory, {
    tenantId: own.tenant.id,
    appRoleId: wellKnownAppRoles.microsoftGraph['Organization.Read.All'].id,
    principalId: findServicePrincipalByAppId(directory, own.tenant.id, client.clientId)?.id ?? '',
    principalType: 'ServicePrincipal',
    resourceId: graph.id,
  });
  const given = claimsOf((await send(client)).access_token);
  await own.close();
  expect(given.roles).toEqual(['Organization.Read.All']);
});
