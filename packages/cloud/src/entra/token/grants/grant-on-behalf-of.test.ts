import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyApplicationDocument, type PermissionScope } from '../../../directory/application-document.ts';
import { contosoDomain, seededUsers } from '../../../directory/seed-contoso.ts';
import { setUserConditions } from '../../../directory/user-conditions.ts';
import { findUserByName } from '../../../directory/users.ts';
import {
  claimsOf,
  crmAccess,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
} from '../../testing/open-test-entra.ts';
import { crmScope, redeemCode, signInForCode } from '../../testing/sign-in-for-code.ts';

const accessAsUser: PermissionScope = {
  id: '5f0c3a3e-3f0d-4a55-9a5c-0a9a3c1f0b11',
  value: 'access_as_user',
  type: 'User',
  isEnabled: true,
  adminConsentDisplayName: 'Use the API',
  adminConsentDescription: 'Use the API',
  userConsentDisplayName: null,
  userConsentDescription: null,
};

let entra: TestEntra;
let api: TestApp;
let app: TestApp;
let assertion: string;
beforeAll(async () => {
  entra = await openTestEntra();
  const { api: empty } = emptyApplicationDocument(contosoDomain);
  api = entra.createApp({
    displayName: 'API',
    document: {
      identifierUris: ['api://orders'],
      api: { ...empty, requestedAccessTokenVersion: 2, oauth2PermissionScopes: [accessAsUser] },
    },
  });
  await signInForCode(entra, api);
  app = entra.createApp({
    document: {
      requiredResourceAccess: [
        crmAccess,
        { resourceAppId: api.clientId, resourceAccess: [{ id: accessAsUser.id, type: 'Scope' }] },
      ],
    },
  });
  const scope = 'api://orders/access_as_user openid offline_access';
  const code = await signInForCode(entra, app, { parameters: { scope } });
  assertion = String((await redeemCode(entra, app, code)).json.access_token);
});
afterAll(() => entra.close());

function trade(changes: Record<string, string> = {}, path = '/oauth2/v2.0/token') {
  return entra.post(path, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    requested_token_use: 'on_behalf_of',
    client_id: api.clientId,
    client_secret: api.secret,
    assertion,
    ...(path.includes('v2.0') ? { scope: crmScope } : { resource: crmOrigin }),
    ...changes,
  });
}

test.each(['/oauth2/v2.0/token', '/oauth2/token'])(
  "trades a caller's token for one of another API at %s",
  async (path) => {
    const { status, json } = await trade({}, path);
    expect([status, json.error_description]).toEqual([200, undefined]);
    expect(claimsOf(json.access_token)).toMatchObject({
      aud: crmOrigin,
      appid: api.clientId,
      upn: seededUsers.administrator,
    });
    expect(json).toHaveProperty('refresh_token');
  },
);

test('asks for the second factor that the caller had not given', async () => {
  const user = findUserByName(entra.context.directory, seededUsers.administrator);
  if (!user) throw new Error('The seed has no administrator.');
  setUserConditions(entra.context.directory, user, { secondFactor: 'required' });
  const { json } = await trade();
  setUserConditions(entra.context.directory, user, { secondFactor: 'not_required' });
  expect([json.error_codes, json.suberror]).toEqual([[50076], 'basic_action']);
  expect(JSON.parse(String(json.claims))).toHaveProperty('access_token.capolids');
});

test.each<[string, () => Record<string, string> | Promise<Record<string, string>>, number]>([
  ['no use', () => ({ requested_token_use: '' }), 900144],
  ['another use', () => ({ requested_token_use: 'none' }), 90013],
  ['what is no token', () => ({ assertion: 'a.b.c' }), 50013],
  ['a token with another signature', () => ({ assertion: `${assertion.slice(0, -8)}AAAAAAAA` }), 50013],
  ['a token for another API', async () => ({ assertion: String((await trade()).json.access_token) }), 50013],
  ['a caller that is not the API', () => ({ client_id: app.clientId, client_secret: app.secret }), 50013],
  ['a wrong secret', () => ({ client_secret: 'wrong' }), 7000215],
  [
    'an API that the person gave nothing on',
    () => ({ scope: 'https://graph.microsoft.com/User.Read' }),
    65001,
  ],
  [
    'an API by .default that the person gave nothing on',
    () => {
      const { api: empty } = emptyApplicationDocument(contosoDomain);
      const document = { api: { ...empty, oauth2PermissionScopes: [accessAsUser] } };
      return { scope: `api://${entra.createApp({ document }).clientId}/.default` };
    },
    65001,
  ],
])('refuses %s', async (_name, changes, code) => {
  expect((await trade(await changes())).json.error_codes).toEqual([code]);
});

test('refuses a token that ended', async () => {
  entra.clock.advance(7_200_000);
  const { json } = await trade();
  entra.clock.advance(-7_200_000);
  expect(json.error_codes).toEqual([500133]);
});

test("refuses another tenant's caller", async () => {
  const { status, json } = await trade({}, '/microsoftservices.onmicrosoft.com/oauth2/v2.0/token');
  expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_grant', [700005]]);
});
