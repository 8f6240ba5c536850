import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../directory/seed-contoso.ts';
import {
  authorizeUrl,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from './testing/open-test-entra.ts';
import { redeemCode, signInForCode } from './testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
beforeEach(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterEach(() => entra.close());

const list = () => entra.context.signIns.list();
const clientCredentials = (secret: string) =>
  entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: secret,
    scope: `${crmOrigin}/.default`,
  });

it('tells app, grant and claims of a token, and never the token', async () => {
  const { json } = await clientCredentials(app.secret);
  expect(list()).toMatchObject([
    {
      endpoint: 'token',
      version: 2,
      tenant: entra.tenant.id,
      clientId: app.clientId,
      user: null,
      grant: 'client_credentials',
      outcome: 'succeeded',
      aadstsCode: null,
      claims: { aud: crmOrigin, appid: app.clientId },
      tokens: [{ kind: 'access_token', header: { alg: 'RS256', typ: 'JWT' }, claims: { aud: crmOrigin } }],
    },
  ]);
  const signature = String(json.access_token).split('.')[2] ?? 'none';
  expect(JSON.stringify(list())).not.toContain(signature);
  expect(JSON.stringify(list())).not.toContain(app.secret);
});

it('tells why an app was refused', async () => {
  await clientCredentials('wrong');
  expect(list()).toMatchObject([
    { clientId: app.clientId, outcome: 'refused', aadstsCode: 7000215, claims: null },
  ]);
});

it('follows a person from the authorize request to the token', async () => {
  const code = await signInForCode(entra, app);
  await redeemCode(entra, app, code);
  const records = list().toReversed();
  expect(records[0]).toMatchObject({ endpoint: 'authorize', outcome: 'waiting', clientId: app.clientId });
  const answered = records.findLast(({ endpoint }) => endpoint === 'sign_in');
  expect(answered).toMatchObject({
    clientId: app.clientId,
    grant: 'code',
    outcome: 'succeeded',
  });
  expect(answered?.user).toContain('@contoso.onmicrosoft.com');
  expect(records.at(-1)).toMatchObject({
    endpoint: 'token',
    grant: 'authorization_code',
    user: answered?.user,
    claims: { scp: 'user_impersonation' },
  });
  expect(JSON.stringify(records)).not.toContain(code);
});

it('tells of a wrong password and of what never came to a page', async () => {
  const start = authorizeUrl(entra, 2, {
    client_id: app.clientId,
    redirect_uri: testRedirectUri,
    scope: `${crmOrigin}/.default`,
  });
  const name = await (await entra.browser().open(start)).submit({ loginfmt: seededUsers.salesperson });
  await name.submit({ passwd: 'wrong' });
  expect(list()[0]).toMatchObject({ endpoint: 'sign_in', outcome: 'refused', aadstsCode: 50126 });
  await entra.browser().open(authorizeUrl(entra, 1, { client_id: app.clientId, redirect_uri: 'http://x' }));
  expect(list()[0]).toMatchObject({ endpoint: 'authorize', version: 1, outcome: 'refused' });
  expect(list()[0]?.aadstsCode).toBe(50011);
});

it('leaves out what is no sign-in', async () => {
  await entra.app.inject('/common/discovery/keys');
  await entra.app.inject('/nowhere');
  expect(list()).toEqual([]);
});
