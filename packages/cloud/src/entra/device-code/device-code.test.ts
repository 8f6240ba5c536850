import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { setTenantPolicy } from '../../directory/tenant-policy.ts';
import {
  claimsOf,
  crmOrigin,
  openTestEntra,
  signIn,
  type TestApp,
  type TestEntra,
  type TokenAnswer,
} from '../testing/open-test-entra.ts';
import { hasElement, type Shown } from '../testing/scripted-browser.ts';
import { crmScope } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
beforeEach(async () => {
  entra = await openTestEntra();
  app = entra.createApp({ document: { isFallbackPublicClient: true } });
});
afterEach(() => entra.close());

const v2Grant = 'urn:ietf:params:oauth:grant-type:device_code';
const quarterHour = 900_000;

function begin(clientId = app.clientId, scope = crmScope): Promise<TokenAnswer> {
  return entra.post('/oauth2/v2.0/devicecode', { client_id: clientId, scope });
}

function poll(deviceCode: unknown, clientId = app.clientId): Promise<TokenAnswer> {
  return entra.post('/oauth2/v2.0/token', {
    grant_type: v2Grant,
    client_id: clientId,
    device_code: String(deviceCode),
  });
}

/** Types the code and signs in, as far as the page that names the app. */
async function enter(userCode: unknown, user: string = seededUsers.administrator): Promise<Shown> {
  const page = await entra.browser().open('/common/oauth2/deviceauth');
  expect(hasElement(page, 'otc')).toBe(true);
  return signIn(await page.submit({ otc: String(userCode) }), user);
}

it.each(['00000000-0000-0000-0000-000000000000', 'your-client-id'])(
  'is begun by no client id that is none: %s',
  async (clientId) => {
    const { json: begun } = await begin();
    for (const { status, json } of [await begin(clientId), await poll(begun.device_code, clientId)]) {
      expect([status, json.error, json.error_codes]).toEqual([400, 'unauthorized_client', [700038]]);
      expect(json).not.toHaveProperty('error_uri');
    }
  },
);

it('v2: code, sign-in, confirmation, consent, tokens', async () => {
  const { status, json } = await begin();
  expect(status).toBe(200);
  expect(json).toMatchObject({
    expires_in: 900,
    interval: 5,
    verification_uri: 'http://localhost:4481/devicelogin',
  });
  expect(json.user_code).toMatch(/^[A-Z2-9]{9}$/);
  expect(json.message).toContain(`enter the code ${String(json.user_code)} to authenticate`);
  expect(json).not.toHaveProperty('verification_uri_complete');
  expect((await poll(json.device_code)).json).toMatchObject({
    error: 'authorization_pending',
    error_codes: [70016],
  });

  const confirm = await enter(String(json.user_code).toLowerCase());
  expect(confirm.html).toContain('Are you trying to sign in to Integration?');
  const consent = await confirm.submit();
  expect(consent.html).toContain('Permissions requested');
  expect((await poll(json.device_code)).json.error).toBe('authorization_pending');
  const done = await consent.submit();
  expect(done.html).toContain('You have signed in to the Integration application on your device.');

  const tokens = await poll(json.device_code);
  expect(tokens.status).toBe(200);
  expect(claimsOf(tokens.json.access_token)).toMatchObject({
    aud: crmOrigin,
    appidacr: '0',
    upn: seededUsers.administrator,
  });
  expect(tokens.json.refresh_token).toBeDefined();
  expect((await poll(json.device_code)).json.error_codes).toEqual([70018]);
  const refreshed = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'refresh_token',
    client_id: app.clientId,
    refresh_token: String(tokens.json.refresh_token),
  });
  expect(refreshed.status).toBe(200);
});

it('v1: strings, verification_url, and the code in the field "code"', async () => {
  const { json } = await entra.post('/oauth2/devicecode', { client_id: app.clientId, resource: crmOrigin });
  expect(json).toMatchObject({ expires_in: '900', interval: '5' });
  expect(json.verification_url).toBe('http://localhost:4481/devicelogin');
  const confirm = await enter(json.user_code);
  const shown = await confirm.submit();
  if (hasElement(shown, 'idBtn_Back')) await shown.submit();
  const tokens = await entra.post('/oauth2/token', {
    grant_type: 'device_code',
    client_id: app.clientId,
    code: String(json.device_code),
    resource: crmOrigin,
  });
  expect(tokens.json).toMatchObject({ scope: 'user_impersonation', resource: crmOrigin });
});

it("signs an administrator in with Microsoft's Graph client", async () => {
  const clientId = wellKnownIds.graphCommandLineTools;
  const { json } = await begin(
    clientId,
    'https://graph.microsoft.com/Application.ReadWrite.All offline_access',
  );
  const consent = await (await enter(json.user_code)).submit();
  await consent.submit();
  const tokens = await poll(json.device_code, clientId);
  expect(claimsOf(tokens.json.access_token)).toMatchObject({
    aud: 'https://graph.microsoft.com',
    scp: 'Application.ReadWrite.All',
  });
});

it('Cancel tells the device that it was declined', async () => {
  const { json } = await begin();
  const shown = await (await enter(json.user_code)).submit({}, 'idBtn_Back');
  expect(shown.html).toContain('You have not signed in');
  expect((await poll(json.device_code)).json).toMatchObject({ error: 'authorization_declined' });
});

it('codes end after a quarter of an hour', async () => {
  const { json } = await begin();
  const old = await entra.post('/oauth2/devicecode', { client_id: app.clientId, resource: crmOrigin });
  entra.clock.advance(quarterHour);
  expect((await poll(json.device_code)).json).toMatchObject({
    error: 'expired_token',
    error_codes: [70019],
  });
  const page = await entra.browser().open('/common/oauth2/deviceauth');
  expect((await page.submit({ otc: String(old.json.user_code) })).html).toContain('70019');
});

it('wrong codes are told apart from waiting ones', async () => {
  expect((await poll('nonsense')).json).toMatchObject({
    error: 'bad_verification_code',
    error_codes: [70018],
  });
  const page = await entra.browser().open('/common/oauth2/deviceauth');
  expect((await page.submit({ otc: 'AAAAAAAAA' })).html).toContain('70018');
  expect((await page.submit({ otc: '' })).html).toContain('90119');
});

it('a code is approved once', async () => {
  const { json } = await begin();
  const shown = await (await enter(json.user_code)).submit();
  if (hasElement(shown, 'idBtn_Back')) await shown.submit();
  const page = await entra.browser().open('/common/oauth2/deviceauth');
  expect((await page.submit({ otc: String(json.user_code) })).html).toContain('90120');
});

it('an app that is not public needs its secret', async () => {
  const confidential = entra.createApp();
  const { json } = await begin(confidential.clientId);
  const consent = await (await enter(json.user_code)).submit();
  await consent.submit();
  const without = await poll(json.device_code, confidential.clientId);
  expect([without.status, without.json.error_codes]).toEqual([401, [7000218]]);
  const withSecret = await entra.post('/oauth2/v2.0/token', {
    grant_type: v2Grant,
    client_id: confidential.clientId,
    client_secret: confidential.secret,
    device_code: String(json.device_code),
  });
  expect(withSecret.status).toBe(200);
});

it("another client can't poll for it", async () => {
  const other = entra.createApp({ document: { isFallbackPublicClient: true } });
  const { json } = await begin();
  expect((await poll(json.device_code, other.clientId)).json.error_codes).toEqual([70000]);
});

it('the tenant closes the flow by its policy, and the person is told', async () => {
  const { json } = await begin();
  const confirm = await enter(json.user_code);
  setTenantPolicy(entra.context.directory, entra.tenant.id, { deviceCode: 'blocked' });
  const shown = await confirm.submit();
  setTenantPolicy(entra.context.directory, entra.tenant.id, { deviceCode: 'allowed' });
  expect(shown.html).toContain('AADSTS53003');
  expect((await poll(json.device_code)).json.error).toBe('authorization_pending');
});

it('/devicelogin leads to the page', async () => {
  const shown = await entra.browser().open('/devicelogin');
  expect(shown.location?.pathname).toBe('/common/oauth2/deviceauth');
});

it('begins nothing for an unknown client or without scope', async () => {
  const unknown = await begin('11111111-1111-1111-1111-111111111111');
  expect([unknown.status, unknown.json.error_codes]).toEqual([400, [700016]]);
  expect((await begin(app.clientId, '')).json.error_codes).toEqual([900144]);
});
