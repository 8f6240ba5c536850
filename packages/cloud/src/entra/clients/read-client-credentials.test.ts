import { afterAll, beforeAll, expect, it } from 'vitest';
import { crmOrigin, openTestEntra, type TestApp, type TestEntra } from '../testing/open-test-entra.ts';

let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterAll(() => entra.close());

/** Asks for an app token with what stands in the header, and the error's code, where there is one. */
async function codesOf(authorization: string, form: Record<string, string> = {}): Promise<unknown> {
  const asked = { grant_type: 'client_credentials', resource: crmOrigin, ...form };
  return (await entra.post('/oauth2/token', asked, { authorization })).json.error_codes;
}

function basic(text: string, scheme = 'Basic', encoding: 'base64' | 'base64url' = 'base64'): string {
  return `${scheme} ${Buffer.from(text).toString(encoding)}`;
}

const encoded = () => `${app.clientId}:${encodeURIComponent(app.secret)}`;

it.each([
  ['the scheme in other letters', () => basic(encoded(), 'bASIC')],
  ['two blanks', () => basic(encoded(), 'Basic ')],
  ['the alphabet of URLs', () => basic(encoded(), 'Basic', 'base64url')],
  [
    'both halves form-encoded',
    () => basic([app.clientId.replaceAll('-', '%2D'), encodeURIComponent(app.secret)].join(':')),
  ],
])('takes HTTP Basic with %s', async (_how, authorization) => {
  expect(await codesOf(authorization())).toBeUndefined();
});

it.each<[string, () => string, number]>([
  ['no colon', () => basic(app.clientId), 90014],
  ['no client', () => basic(`:${app.secret}`), 90014],
  ['a broken encoding', () => basic(`${app.clientId}:%`), 90004],
  ['no secret', () => basic(`${app.clientId}:`), 7000216],
  ['a secret that is not encoded', () => basic(`${app.clientId}:a+b`), 7000215],
])('refuses HTTP Basic with %s', async (_how, authorization, code) => {
  expect(await codesOf(authorization())).toEqual([code]);
});

it.each(['Bearer abc', 'Basic', 'Negotiate', 'xBasic YQ=='])(
  'looks for the client in the body where the header is %s',
  async (authorization) => {
    expect(await codesOf(authorization)).toEqual([900144]);
    const client = { client_id: app.clientId, client_secret: app.secret };
    expect(await codesOf(authorization, client)).toBeUndefined();
  },
);

it('takes the secret of the body where both bring one', async () => {
  expect(await codesOf(basic(`${app.clientId}:wrong`), { client_secret: app.secret })).toBeUndefined();
});

it('takes one client that both name, in any case, and refuses two', async () => {
  const authorization = basic(`${app.clientId}:${app.secret}`);
  expect(await codesOf(authorization, { client_id: app.clientId.toUpperCase() })).toBeUndefined();
  expect(await codesOf(authorization, { client_id: entra.createApp().clientId })).toEqual([90013]);
});
