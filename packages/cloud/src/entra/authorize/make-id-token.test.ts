import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyApplicationDocument } from '../../directory/application-document.ts';
import {
  authorizeUrl,
  claimsOf,
  openTestEntra,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type Shown } from '../testing/scripted-browser.ts';

let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp({
    document: {
      web: {
        ...emptyApplicationDocument(null).web,
        redirectUris: [testRedirectUri],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true },
      },
    },
  });
});
afterAll(() => entra.close());

async function ask(changes: Record<string, string>, version: 1 | 2 = 2, { clientId } = app): Promise<Shown> {
  const url = authorizeUrl(entra, version, {
    client_id: clientId,
    redirect_uri: testRedirectUri,
    ...(version === 2 && { scope: 'openid profile' }),
    nonce: 'n-0S6_WzA2Mj',
    state: 'xyz',
    ...changes,
  });
  const page = await entra.browser().open(url);
  if (page.location) return page;
  const shown = await signIn(page);
  return hasElement(shown, 'idBtn_Back') ? shown.submit() : shown;
}

function answerOf({ location, html }: Shown): Record<string, string> {
  if (!location) throw new Error(html);
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

it.each([1, 2] as const)(
  'gives code and id token in the fragment, each bound to the other (v%i)',
  async (version) => {
    const {
      code = '',
      id_token: idToken = '',
      state,
    } = answerOf(await ask({ response_type: 'code id_token' }, version));
    expect(state).toBe('xyz');
    const key = entra.context.signingKeys.current.publicKey;
    const { payload } = await jwtVerify(idToken, key, {
      audience: app.clientId,
      currentDate: new Date(entra.clock.now()),
    });
    const half = createHash('sha256').update(code).digest().subarray(0, 16).toString('base64url');
    expect(payload).toMatchObject({ nonce: 'n-0S6_WzA2Mj', c_hash: half, ver: `${version}.0` });
  },
);

it('gives the id token alone', async () => {
  const answer = answerOf(await ask({ response_type: 'id_token' }));
  expect(Object.keys(answer)).not.toContain('code');
  expect(claimsOf(answer.id_token)).not.toHaveProperty('c_hash');
});

it('gives both by a form where the app asks so', async () => {
  const page = await ask({ response_type: 'id_token code', response_mode: 'form_post' });
  expect(page.html).toContain('name="id_token"');
  expect(page.html).toContain('name="code"');
});

it.each<[string, Record<string, string>, string]>([
  ['no nonce', { nonce: '' }, 'AADSTS900144'],
  ['a query for tokens', { response_mode: 'query' }, 'AADSTS70007'],
  ['no openid', { scope: 'User.Read' }, 'AADSTS70011'],
  ['a code with an access token', { response_type: 'code token' }, 'AADSTS70005'],
  ['access tokens, which are off', { response_type: 'id_token token' }, 'AADSTS700051'],
])('refuses %s, in the fragment', async (_name, changes, code) => {
  const answer = answerOf(await ask({ response_type: 'code id_token', ...changes }));
  expect([answer.error_description?.slice(0, code.length), answer.state]).toEqual([code, 'xyz']);
});

it('gives no id token to an app that did not turn them on', async () => {
  const answer = answerOf(await ask({ response_type: 'id_token' }, 2, entra.createApp()));
  expect([answer.error, answer.error_description?.slice(0, 12)]).toEqual([
    'unsupported_response_type',
    'AADSTS700054',
  ]);
});
