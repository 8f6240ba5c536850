import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../../directory/seed-contoso.ts';
import { seededOneTimeCode } from '../../../directory/user-conditions.ts';
import { findUserByName, revokeSignInSessions, setUserConditions } from '../../../directory/users.ts';
import {
  claimsOf,
  crmOrigin,
  leaveStaySignedIn,
  openTestEntra,
  signIn,
  type TestApp,
  type TestEntra,
} from '../../testing/open-test-entra.ts';
import { hasElement } from '../../testing/scripted-browser.ts';
import { crmScope, refresh } from '../../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
beforeEach(async () => {
  entra = await openTestEntra({ base: { now: () => Date.UTC(2026, 0, 31, 10) } });
  app = entra.createApp({ document: { isFallbackPublicClient: true } });
});
afterEach(() => entra.close());

const v1 = '/oauth2/token';
const v2 = '/oauth2/v2.0/token';
const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

async function begin({ clientId } = app): Promise<{ deviceCode: string; userCode: string }> {
  const { json } = await entra.post('/oauth2/v2.0/devicecode', { client_id: clientId, scope: crmScope });
  return { deviceCode: String(json.device_code), userCode: String(json.user_code) };
}

/** Types the code, signs in and says yes to all. */
async function approve(userCode: string): Promise<void> {
  const page = await entra.browser().open('/common/oauth2/deviceauth');
  let shown = await signIn(await page.submit({ otc: userCode }));
  if (hasElement(shown, 'idSubmit_SAOTCC_Continue')) {
    shown = await leaveStaySignedIn(
      await shown.submit({ otc: seededOneTimeCode }, 'idSubmit_SAOTCC_Continue'),
    );
  }
  const consent = await shown.submit();
  if (hasElement(consent, 'idBtn_Back')) await consent.submit();
}

async function beginApproved(client = app): Promise<string> {
  const { deviceCode, userCode } = await begin(client);
  await approve(userCode);
  return deviceCode;
}

function poll(form: Record<string, string>, path = v2) {
  return entra.post(path, { grant_type: grantType, client_id: app.clientId, ...form });
}

function administrator() {
  const user = findUserByName(entra.context.directory, seededUsers.administrator);
  if (!user) throw new Error('The seed has no administrator.');
  return user;
}

it.each([
  [v1, 'device_code', 'code'],
  [v1, grantType, 'code'],
  [v1, grantType, 'device_code'],
  [v2, 'device_code', 'device_code'],
  [v2, grantType, 'device_code'],
])('gives tokens at %s for %s with the code in the field %s', async (path, grant_type, field) => {
  const { status, json } = await poll({ grant_type, [field]: await beginApproved() }, path);
  expect([status, json.error_description]).toEqual([200, undefined]);
  expect(claimsOf(json.access_token)).toMatchObject({
    aud: crmOrigin,
    upn: seededUsers.administrator,
    appidacr: '0',
    amr: ['pwd'],
  });
});

it('asks at v2 for the code by its name alone', async () => {
  const { json } = await poll({ code: await beginApproved() });
  expect([json.error_codes, json.error_description]).toEqual([
    [900144],
    expect.stringContaining("'device_code'"),
  ]);
});

it('waits for somebody to approve it', async () => {
  const { deviceCode } = await begin();
  const { status, json } = await poll({ device_code: deviceCode });
  expect([status, json.error, json.error_codes]).toEqual([400, 'authorization_pending', [70016]]);
});

it('says that it was declined, as often as it is asked', async () => {
  const { deviceCode, userCode } = await begin();
  const page = await entra.browser().open('/common/oauth2/deviceauth');
  await (await signIn(await page.submit({ otc: userCode }))).submit({}, 'idBtn_Back');
  for (const _ of [1, 2]) {
    const { status, json } = await poll({ device_code: deviceCode });
    expect([status, json.error, json.error_codes]).toEqual([400, 'authorization_declined', [65004]]);
  }
});

it('gives tokens once, also when two ask at the same time', async () => {
  const deviceCode = await beginApproved();
  const answers = await Promise.all([1, 2].map(() => poll({ device_code: deviceCode })));
  expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '400']);
  const late = await poll({ device_code: deviceCode });
  expect([late.json.error, late.json.error_codes]).toEqual(['bad_verification_code', [70018]]);
});

it('ends a quarter of an hour after it began, to the millisecond, though it was approved', async () => {
  const deviceCode = await beginApproved();
  entra.clock.advance(900_000);
  const late = await poll({ device_code: deviceCode });
  expect([late.json.error, late.json.error_codes]).toEqual(['expired_token', [70019]]);
  entra.clock.advance(-1);
  expect((await poll({ device_code: deviceCode })).status).toBe(200);
});

it('serves the client that it was given to and the tenant of its person alone', async () => {
  const deviceCode = await beginApproved();
  const other = entra.createApp({ document: { isFallbackPublicClient: true } });
  const byOther = await poll({ device_code: deviceCode, client_id: other.clientId });
  expect(byOther.json.error_codes).toEqual([70000]);
  const elsewhere = await poll(
    { device_code: deviceCode },
    '/microsoftservices.onmicrosoft.com/oauth2/v2.0/token',
  );
  expect(elsewhere.json.error_codes).toEqual([700005]);
  expect((await poll({ device_code: deviceCode }, '/common/oauth2/v2.0/token')).status).toBe(200);
});

it('says of an unknown client that it is unknown, and of an unknown code that it is bad', async () => {
  const clientId = '11111111-1111-1111-1111-111111111111';
  expect((await poll({ device_code: 'x', client_id: clientId })).json.error_codes).toEqual([700016]);
  expect((await poll({ device_code: 'x' })).json.error_codes).toEqual([70018]);
});

it('gives nothing for a person who was signed out everywhere since', async () => {
  const deviceCode = await beginApproved();
  revokeSignInSessions(entra.context.directory, administrator().id);
  expect((await poll({ device_code: deviceCode })).json.error_codes).toEqual([50173]);
});

it('wants the secret of a client that can keep one, at the refresh too', async () => {
  const keeper = entra.createApp();
  const deviceCode = await beginApproved(keeper);
  const form = { device_code: deviceCode, client_id: keeper.clientId };
  const without = await poll(form);
  expect([without.status, without.json.error_codes]).toEqual([401, [7000218]]);
  const { json } = await poll({ ...form, client_secret: keeper.secret });
  expect(claimsOf(json.access_token).appidacr).toBe('1');
  expect((await refresh(entra, { ...keeper, secret: '' }, json.refresh_token)).json.error_codes).toEqual([
    7000218,
  ]);
  expect((await refresh(entra, keeper, json.refresh_token)).status).toBe(200);
});

it('gives a public client a refresh token that needs no secret and does not end', async () => {
  const { json } = await poll({ device_code: await beginApproved() });
  entra.clock.advance(80 * 86_400_000);
  const next = await refresh(entra, { ...app, secret: '' }, json.refresh_token);
  expect([next.status, next.json.error_description]).toEqual([200, undefined]);
});

it('carries the second factor that the person gave', async () => {
  setUserConditions(entra.context.directory, administrator(), { secondFactor: 'required' });
  const { json } = await poll({ device_code: await beginApproved() });
  expect(claimsOf(json.access_token).amr).toEqual(['pwd', 'mfa']);
});
