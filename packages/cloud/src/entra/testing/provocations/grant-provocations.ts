import { emptyApplicationDocument } from '../../../directory/application-document.ts';
import { seededUsers } from '../../../directory/seed-contoso.ts';
import { setTenantPolicy } from '../../../directory/tenant-policy.ts';
import { createTenant } from '../../../directory/tenants.ts';
import { findUserByName, revokeSignInSessions } from '../../../directory/users.ts';
import { crmOrigin, type TestApp, type TestEntra, testRedirectUri } from '../open-test-entra.ts';
import { crmScope, redeemCode, refresh, signInForCode } from '../sign-in-for-code.ts';
import {
  askAppToken,
  type Provocation,
  type Refusal,
  readAnswer,
  readShown,
  v2Token,
} from './provocation.ts';

const minute = 60_000;
const day = 86_400_000;

/** Codes about authorization codes, refresh tokens, device codes and assertions. */
export const grantProvocations: readonly Provocation[] = [
  {
    code: 54005,
    how: 'Redeem a code twice.',
    provoke: async (entra) => {
      const app = entra.createApp();
      const code = await signInForCode(entra, app);
      await redeemCode(entra, app, code);
      return readAnswer(await redeemCode(entra, app, code));
    },
  },
  {
    code: 70000,
    how: "Redeem another client's code or refresh token.",
    provoke: async (entra) => {
      const code = await signInForCode(entra, entra.createApp());
      return readAnswer(await redeemCode(entra, entra.createApp(), code));
    },
  },
  {
    code: 70008,
    how: 'Redeem a code after ten minutes; move the clock on.',
    provoke: async (entra) => {
      const app = entra.createApp();
      const code = await signInForCode(entra, app);
      entra.clock.advance(10 * minute);
      return readAnswer(await redeemCode(entra, app, code));
    },
  },
  {
    code: 700082,
    how: 'Redeem a refresh token that was not used for 90 days; move the clock on.',
    provoke: async (entra) => {
      const { app, token } = await signedIn(entra);
      entra.clock.advance(90 * day);
      return readAnswer(await refresh(entra, app, token));
    },
  },
  {
    code: 700084,
    how: "Redeem a single page app's refresh token a day after the sign-in; move the clock on.",
    provoke: async (entra) => {
      const { web } = emptyApplicationDocument(null);
      const app = entra.createApp({ document: { web, spa: { redirectUris: [testRedirectUri] } } });
      const origin = { origin: 'http://localhost:9999' };
      const form = { client_id: app.clientId, redirect_uri: testRedirectUri };
      const code = await signInForCode(entra, app);
      const { json } = await entra.post(v2Token, { ...form, grant_type: 'authorization_code', code }, origin);
      entra.clock.advance(day);
      const refresh_token = String(json.refresh_token);
      return readAnswer(
        await entra.post(v2Token, { ...form, grant_type: 'refresh_token', refresh_token }, origin),
      );
    },
  },
  {
    code: 70043,
    how: "Set the tenant's `signInFrequencyHours`, let the hours pass, then refresh.",
    provoke: async (entra) => {
      const { app, token } = await signedIn(entra);
      setTenantPolicy(entra.context.directory, entra.tenant.id, { signInFrequencyHours: 1 });
      entra.clock.advance(60 * minute);
      return readAnswer(await refresh(entra, app, token));
    },
  },
  {
    code: 50173,
    how: "Revoke the person's sign-ins (`revokeSignInSessions`), then refresh.",
    provoke: async (entra) => {
      const { app, token } = await signedIn(entra);
      const user = findUserByName(entra.context.directory, seededUsers.administrator);
      revokeSignInSessions(entra.context.directory, user?.id ?? '');
      return readAnswer(await refresh(entra, app, token));
    },
  },
  {
    code: 50089,
    how: "Send a sign-in page's form after an hour, or from another browser.",
    provoke: async (entra) =>
      readShown(await entra.browser().post(`/${entra.tenant.id}/login`, { ctx: 'old' })),
  },
  {
    code: 700005,
    how: "Redeem a code at another tenant's address.",
    provoke: async (entra) => {
      const { directory, random, clock } = entra.context;
      const id = random.guid();
      createTenant(directory, {
        id,
        displayName: 'Other',
        domains: ['other.example'],
        createdAt: clock.now(),
      });
      const app = entra.createApp();
      const form = {
        grant_type: 'authorization_code',
        client_id: app.clientId,
        client_secret: app.secret,
        redirect_uri: testRedirectUri,
        code: await signInForCode(entra, app),
      };
      const answer = await entra.app.inject({
        method: 'POST',
        url: `/${id}${v2Token}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(form).toString(),
      });
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
  {
    code: 501481,
    how: 'Redeem a code with a `code_verifier` that does not match its challenge, or with none.',
    provoke: async (entra) => {
      const app = entra.createApp();
      const code = await signInForCode(entra, app, { parameters: { code_challenge: 'x'.repeat(43) } });
      return readAnswer(await redeemCode(entra, app, code, { code_verifier: 'y'.repeat(43) }));
    },
  },
  {
    code: 70016,
    how: 'Poll with a device code that nobody has approved yet.',
    provoke: async (entra) => poll(entra, await beginDevice(entra)),
  },
  {
    code: 70018,
    how: 'Poll with a device code that is not known, or was used.',
    provoke: async (entra) => poll(entra, { ...(await beginDevice(entra)), deviceCode: 'unknown' }),
  },
  {
    code: 70019,
    how: 'Poll with a device code after 15 minutes; move the clock on.',
    provoke: async (entra) => {
      const device = await beginDevice(entra);
      entra.clock.advance(15 * minute);
      return poll(entra, device);
    },
  },
  {
    code: 90119,
    how: 'Send the page for device codes empty.',
    provoke: async (entra) => readShown(await entra.browser().post('/common/oauth2/deviceauth', { otc: '' })),
  },
  {
    code: 90120,
    how: 'Type a device code that was approved or declined before.',
    provoke: async (entra) => {
      const { userCode } = await beginDevice(entra);
      const { directory } = entra.context;
      directory.prepare("UPDATE entra_device_codes SET status = 'declined'").run();
      return readShown(await entra.browser().post('/common/oauth2/deviceauth', { otc: userCode }));
    },
  },
  {
    code: 50013,
    how: 'Hand on a token in the on-behalf-of flow that was made for another API.',
    provoke: (entra) => tradeToken(entra, 0),
  },
  {
    code: 500133,
    how: 'Hand on a token in the on-behalf-of flow that has ended; move the clock on.',
    provoke: (entra) => tradeToken(entra, 2 * 60 * minute),
  },
];

async function signedIn(entra: TestEntra): Promise<{ app: TestApp; token: unknown; accessToken: unknown }> {
  const app = entra.createApp();
  const { json } = await redeemCode(entra, app, await signInForCode(entra, app));
  return { app, token: json.refresh_token, accessToken: json.access_token };
}

async function tradeToken(entra: TestEntra, laterMilliseconds: number): Promise<Refusal> {
  const { app, accessToken } = await signedIn(entra);
  entra.clock.advance(laterMilliseconds);
  return askAppToken(
    entra,
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      assertion: String(accessToken),
      scope: `${crmOrigin}/.default`,
    },
    { app },
  );
}

interface Device {
  app: TestApp;
  deviceCode: string;
  userCode: string;
}

async function beginDevice(entra: TestEntra): Promise<Device> {
  const app = entra.createApp({ document: { isFallbackPublicClient: true } });
  const { json } = await entra.post('/oauth2/v2.0/devicecode', { client_id: app.clientId, scope: crmScope });
  return { app, deviceCode: String(json.device_code), userCode: String(json.user_code) };
}

async function poll(entra: TestEntra, { app, deviceCode }: Device): Promise<Refusal> {
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  return readAnswer(
    await entra.post(v2Token, { grant_type, client_id: app.clientId, device_code: deviceCode }),
  );
}
