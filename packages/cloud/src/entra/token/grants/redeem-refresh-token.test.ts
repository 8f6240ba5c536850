import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyApplicationDocument, type PermissionScope } from '../../../directory/application-document.ts';
import { addClientSecret, listClientSecrets, removeClientSecret } from '../../../directory/client-secrets.ts';
import { deletePermissionGrant, listPermissionGrants } from '../../../directory/permission-grants.ts';
import { seededUsers } from '../../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../../directory/service-principals.ts';
import { setTenantPolicy } from '../../../directory/tenant-policy.ts';
import { createTenant } from '../../../directory/tenants.ts';
import {
  findUserByName,
  revokeSignInSessions,
  setPassword,
  updateUserProfile,
} from '../../../directory/users.ts';
import {
  claimsOf,
  crmAccess,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
} from '../../testing/open-test-entra.ts';
import { redeemCode, refresh, signInForCode } from '../../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
beforeEach(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterEach(() => entra.close());

const day = 86_400_000;

async function firstRefreshToken(client = app, user: string = seededUsers.administrator): Promise<unknown> {
  const { json } = await redeemCode(entra, client, await signInForCode(entra, client, { user }));
  return json.refresh_token;
}

it('gives a new refresh token each time and leaves the old one good', async () => {
  const first = await firstRefreshToken();
  const { status, json } = await refresh(entra, app, first);
  expect(status).toBe(200);
  expect(json.refresh_token).not.toBe(first);
  expect(json.scope).toBe(`${crmOrigin}/user_impersonation`);
  expect((await refresh(entra, app, first)).status).toBe(200);
  expect((await refresh(entra, app, json.refresh_token)).status).toBe(200);
});

describe('where the policy lets a refresh token be used once', () => {
  beforeEach(() =>
    setTenantPolicy(entra.context.directory, entra.tenant.id, { refreshTokenReuse: 'ends_grant' }),
  );

  it('gives a new one each time, and the chain goes on', async () => {
    let token = await firstRefreshToken();
    for (let use = 0; use < 3; use += 1) {
      const { status, json } = await refresh(entra, app, token);
      expect(status).toBe(200);
      token = json.refresh_token;
    }
  });

  it('ends all that came of it when one is used again, in every version', async () => {
    const first = await firstRefreshToken();
    const { json: second } = await refresh(entra, app, first, { resource: crmOrigin }, 1);
    const { json: third } = await refresh(entra, app, second.refresh_token);
    for (const token of [first, second.refresh_token, third.refresh_token]) {
      const { status, json } = await refresh(entra, app, token);
      expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_grant', [70000]]);
    }
  });

  it('ends no other sign-in, though it is of the same person and app', async () => {
    const [one, other] = [await firstRefreshToken(), await firstRefreshToken()];
    await refresh(entra, app, one);
    await refresh(entra, app, one);
    expect((await refresh(entra, app, other)).status).toBe(200);
  });

  it('gives one alone of two who come at once', async () => {
    const first = await firstRefreshToken();
    const answers = await Promise.all([refresh(entra, app, first), refresh(entra, app, first)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  });

  it('takes a token that was refused for another reason', async () => {
    const first = await firstRefreshToken();
    await refresh(entra, app, first, { scope: 'https://graph.microsoft.com/User.Read' });
    expect((await refresh(entra, app, first)).status).toBe(200);
  });

  it('is as before once the policy is as before', async () => {
    const first = await firstRefreshToken();
    await refresh(entra, app, first);
    setTenantPolicy(entra.context.directory, entra.tenant.id, { refreshTokenReuse: 'allowed' });
    expect((await refresh(entra, app, first)).status).toBe(200);
  });
});

it('answers v1 with strings, also for a token that came from v2', async () => {
  const { json } = await refresh(entra, app, await firstRefreshToken(), { resource: crmOrigin }, 1);
  expect(json).toMatchObject({ resource: crmOrigin, scope: 'user_impersonation' });
  expect(typeof json.expires_on).toBe('string');
});

it('gives a token for another API of the same client where that was consented', async () => {
  const both = entra.createApp({
    document: {
      requiredResourceAccess: [
        crmAccess,
        {
          resourceAppId: wellKnownIds.microsoftGraph,
          resourceAccess: [{ id: wellKnownScopes.microsoftGraph['User.Read'].id, type: 'Scope' }],
        },
      ],
    },
  });
  const code = await signInForCode(entra, both, { version: 1 });
  const first = await redeemCode(entra, both, code, {}, 1);
  const { json } = await refresh(entra, both, first.json.refresh_token, { scope: 'User.Read' });
  expect(json.scope).toContain('User.Read');
  expect(claimsOf(json.access_token)).toMatchObject({ aud: wellKnownIds.microsoftGraph });
  expect(String(claimsOf(json.access_token).scp).split(' ')).toContain('User.Read');
});

it('refuses another API without consent, saying that consent is what is missing', async () => {
  const { status, json } = await refresh(entra, app, await firstRefreshToken(), {
    scope: 'https://graph.microsoft.com/User.Read',
  });
  expect(status).toBe(400);
  expect(json).toMatchObject({
    error: 'invalid_grant',
    suberror: 'consent_required',
    error_codes: [65001],
  });
});

it.each([1, 2] as const)(
  'ends after 90 days without use, and each use begins them anew (v%i)',
  async (version) => {
    const token = await firstRefreshToken();
    const send = () => refresh(entra, app, token, {}, version);
    entra.clock.advance(89 * day);
    expect((await send()).status).toBe(200);
    entra.clock.advance(89 * day);
    expect((await send()).status).toBe(200);
    entra.clock.advance(90 * day);
    const { json } = await send();
    expect(json).toMatchObject({ error: 'invalid_grant', suberror: 'bad_token', error_codes: [700082] });
    expect(json.error_description).toMatch(/issued on \d{4}-\d\d-\d\dT.*Z and was inactive for 90\.00:00:00/);
  },
);

it.each([1, 2] as const)(
  "ends a single page app's token a day after the sign-in, used or not (v%i)",
  async (version) => {
    const redirect_uri = 'http://localhost:3000/';
    const spa = entra.createApp({ document: { spa: { redirectUris: [redirect_uri] } } });
    const code = await signInForCode(entra, spa, { parameters: { redirect_uri } });
    const send = (form: Record<string, string>) =>
      entra.post(
        version === 1 ? '/oauth2/token' : '/oauth2/v2.0/token',
        { client_id: spa.clientId, ...form },
        { origin: 'http://localhost:3000' },
      );
    const first = await send({ grant_type: 'authorization_code', code, redirect_uri });
    entra.clock.advance(day / 2);
    const second = await send({
      grant_type: 'refresh_token',
      refresh_token: String(first.json.refresh_token),
    });
    expect(second.status).toBe(200);
    entra.clock.advance(day / 2);
    const third = await send({
      grant_type: 'refresh_token',
      refresh_token: String(second.json.refresh_token),
    });
    expect(third.json.error_codes).toEqual([700084]);
  },
);

it.each([1, 2] as const)('ends when the person is signed out everywhere (v%i)', async (version) => {
  const token = await firstRefreshToken(app, seededUsers.salesperson);
  entra.clock.advance(1);
  revokeSignInSessions(
    entra.context.directory,
    findUserByName(entra.context.directory, seededUsers.salesperson)?.id ?? '',
  );
  const { json } = await refresh(entra, app, token, {}, version);
  expect(json).toMatchObject({ error: 'invalid_grant', suberror: 'bad_token', error_codes: [50173] });
  expect(json.error_description).toContain('TokensValidFrom');
  entra.clock.advance(1);
  expect((await refresh(entra, app, await firstRefreshToken(app, seededUsers.salesperson))).status).toBe(200);
});

it('lives on when the person changes the password', async () => {
  const token = await firstRefreshToken(app, seededUsers.salesperson);
  const { directory } = entra.context;
  const id = findUserByName(directory, seededUsers.salesperson)?.id ?? '';
  setPassword(directory, id, 'An0ther-password');
  expect((await refresh(entra, app, token)).status).toBe(200);
});

it.each([1, 2] as const)('serves no tenant that the person is not in (v%i)', async (version) => {
  const { directory, random, clock } = entra.context;
  const other = { id: random.guid(), displayName: 'Other', domains: [`v${version}.other.example`] };
  createTenant(directory, { ...other, createdAt: clock.now() });
  const single = await firstRefreshToken();
  const several = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  const ask = async (client: TestApp, token: unknown) => {
    const answer = await entra.app.inject({
      method: 'POST',
      url: `/${other.id}/${version === 1 ? 'oauth2/token' : 'oauth2/v2.0/token'}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: client.clientId,
        client_secret: client.secret,
        refresh_token: String(token),
      }).toString(),
    });
    const { error, error_codes: codes }: Record<string, unknown> = answer.json();
    return [answer.statusCode, error, codes];
  };
  expect(await ask(app, single)).toEqual([400, 'unauthorized_client', [700016]]);
  expect(await ask(several, await firstRefreshToken(several))).toEqual([400, 'invalid_grant', [50020]]);
});

it('rests while the person is disabled', async () => {
  const { directory } = entra.context;
  const id = findUserByName(directory, seededUsers.withoutLicence)?.id ?? '';
  const token = await firstRefreshToken(app, seededUsers.withoutLicence);
  updateUserProfile(directory, id, { enabled: false });
  expect((await refresh(entra, app, token)).json.error_codes).toEqual([50057]);
  updateUserProfile(directory, id, { enabled: true });
  expect((await refresh(entra, app, token)).status).toBe(200);
});

it('ends when the consent is taken away', async () => {
  const client = entra.createApp();
  const token = await firstRefreshToken(client);
  const { directory } = entra.context;
  const principal = findServicePrincipalByAppId(directory, entra.tenant.id, client.clientId);
  for (const grant of listPermissionGrants(directory, entra.tenant.id)) {
    if (grant.clientId === principal?.id) deletePermissionGrant(directory, grant.id);
  }
  expect((await refresh(entra, client, token)).json).toMatchObject({
    error: 'invalid_grant',
    suberror: 'consent_required',
    error_codes: [65001],
  });
});

it('rests without its secret and works again with a new one', async () => {
  const client = entra.createApp();
  const token = await firstRefreshToken(client);
  const { directory } = entra.context;
  const { id } = client.application;
  const [secret] = listClientSecrets(directory, id);
  removeClientSecret(directory, id, secret?.keyId ?? '');
  const { status, json } = await refresh(entra, client, token);
  expect([status, json.error, json.error_codes]).toEqual([401, 'invalid_client', [7000215]]);
  const startAt = entra.clock.now();
  const { secretText } = addClientSecret(directory, id, {
    displayName: null,
    startAt,
    endAt: startAt + day,
  });
  expect((await refresh(entra, client, token, { client_secret: secretText })).status).toBe(200);
});

it("refuses another client's token and text that is none", async () => {
  const other = entra.createApp();
  expect((await refresh(entra, other, await firstRefreshToken())).json.error_codes).toEqual([70000]);
  expect((await refresh(entra, app, 'nonsense')).json.error_codes).toEqual([9002313]);
});

it('outlives the process, and its text is not in the database', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-entra-'));
  const file = path.join(folder, 'cloud.db');
  try {
    const before = await openTestEntra({ file });
    const client = before.createApp();
    const { json } = await redeemCode(before, client, await signInForCode(before, client));
    const rows = before.context.directory.prepare('SELECT * FROM entra_refresh_tokens').all();
    expect(JSON.stringify(rows)).not.toContain(String(json.refresh_token));
    await before.close();
    const after = await openTestEntra({ file });
    expect((await refresh(after, client, json.refresh_token)).status).toBe(200);
    await after.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('serves no personal accounts, even of an app that is open to them', async () => {
  const open = entra.createApp({ document: { signInAudience: 'AzureADandPersonalMicrosoftAccount' } });
  const answer = await entra.app.inject({
    method: 'POST',
    url: '/consumers/oauth2/v2.0/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: open.clientId,
      client_secret: open.secret,
      refresh_token: String(await firstRefreshToken(open)),
    }).toString(),
  });
  expect(answer.json()).toMatchObject({ error: 'invalid_grant', error_codes: [500208] });
});

/** An app that is an API itself, as one that calls its own back end by the same registration. */
async function ownApi(): Promise<{ own: TestApp; token: unknown }> {
  const { api } = emptyApplicationDocument(null);
  const scope: PermissionScope = {
    id: entra.context.random.guid(),
    value: 'read',
    type: 'User',
    isEnabled: true,
    adminConsentDisplayName: 'Read',
    adminConsentDescription: 'Read',
    userConsentDisplayName: null,
    userConsentDescription: null,
  };
  const own = entra.createApp({
    document: { identifierUris: ['api://own'], api: { ...api, oauth2PermissionScopes: [scope] } },
  });
  const parameters = { scope: 'api://own/read openid offline_access' };
  const { json } = await redeemCode(entra, own, await signInForCode(entra, own, { parameters }));
  return { own, token: json.refresh_token };
}

it('gives an app a token for itself only where the request names it, at v1 by its GUID', async () => {
  const { own, token } = await ownApi();
  const codes = async (changes: Record<string, string>, version: 1 | 2) =>
    (await refresh(entra, own, token, changes, version)).json.error_codes;
  expect(await codes({}, 2)).toEqual([90009]);
  expect(await codes({ scope: 'openid offline_access' }, 2)).toEqual([90009]);
  expect(await codes({ scope: 'api://own/read' }, 2)).toBeUndefined();
  expect(await codes({ resource: 'api://own' }, 1)).toEqual([90009]);
  // 650057, not 90009: by its GUID it may be named, and this registration does not list it.
  expect(await codes({ resource: own.clientId }, 1)).toEqual([650057]);
});

it('gives v1 no API that the registration does not list', async () => {
  const token = await firstRefreshToken();
  const { json } = await refresh(entra, app, token, { resource: 'https://graph.microsoft.com' }, 1);
  expect(json.error_codes).toEqual([650057]);
});

it('reads lists of APIs in whatever case they were written', async () => {
  const resourceAppId = crmAccess.resourceAppId.toUpperCase();
  const capitals = entra.createApp({
    document: { requiredResourceAccess: [{ ...crmAccess, resourceAppId }] },
  });
  const token = await firstRefreshToken(capitals);
  expect((await refresh(entra, capitals, token, { resource: crmOrigin }, 1)).status).toBe(200);
});

it('knows a client by its id in capitals', async () => {
  const token = await firstRefreshToken();
  expect((await refresh(entra, { ...app, clientId: app.clientId.toUpperCase() }, token)).status).toBe(200);
});

it('says of an unknown client that it is unknown, whatever token it brings', async () => {
  const unknown = { ...app, clientId: '11111111-1111-1111-1111-111111111111' };
  expect((await refresh(entra, unknown, await firstRefreshToken())).json.error_codes).toEqual([700016]);
  expect((await refresh(entra, unknown, 'nonsense')).json.error_codes).toEqual([700016]);
});

it.each([1, 2] as const)('ends with the millisecond in which its time is over (v%i)', async (version) => {
  const redirect_uri = 'http://localhost:3000/';
  const still = await openTestEntra({ base: { now: () => Date.UTC(2026, 0, 31, 10) } });
  const spa = still.createApp({ document: { spa: { redirectUris: [redirect_uri] } } });
  const web = still.createApp();
  const code = await signInForCode(still, spa, { parameters: { redirect_uri } });
  const address = version === 1 ? '/oauth2/token' : '/oauth2/v2.0/token';
  const send = (form: Record<string, string>) =>
    still.post(address, { client_id: spa.clientId, ...form }, { origin: 'http://localhost:3000' });
  const first = await send({ grant_type: 'authorization_code', code, redirect_uri });
  const spaToken = String(first.json.refresh_token);
  const spaCodes = async () =>
    (await send({ grant_type: 'refresh_token', refresh_token: spaToken })).json.error_codes;
  const { json } = await redeemCode(still, web, await signInForCode(still, web));
  const webCodes = async () => (await refresh(still, web, json.refresh_token, {}, version)).json.error_codes;

  still.clock.advance(day - 1);
  expect(await spaCodes()).toBeUndefined();
  still.clock.advance(1);
  expect(await spaCodes()).toEqual([700084]);
  still.clock.advance(89 * day - 1);
  expect(await webCodes()).toBeUndefined();
  still.clock.advance(90 * day);
  expect(await webCodes()).toEqual([700082]);
  await still.close();
});
