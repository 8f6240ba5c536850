import { emptyApplicationDocument } from '../../../directory/application-document.ts';
import { testRedirectUri } from '../open-test-entra.ts';
import { redeemCode, signInForCode } from '../sign-in-for-code.ts';
import {
  askAppToken,
  openAuthorize,
  type Provocation,
  readAnswer,
  readShown,
  v1Token,
  v2Token,
} from './provocation.ts';

const { web } = emptyApplicationDocument(null);

/** Codes about redirect URIs and the form of a request. */
export const requestProvocations: readonly Provocation[] = [
  {
    code: 50011,
    how: 'Name a `redirect_uri` at authorize that the app does not list; case and slashes count.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), { redirect_uri: 'https://example.com/Other' })),
  },
  {
    code: 500112,
    how: 'Redeem a code with another `redirect_uri` than it was asked with.',
    provoke: async (entra) => {
      const app = entra.createApp();
      const redirect_uri = 'https://example.com/other';
      return readAnswer(await redeemCode(entra, app, await signInForCode(entra, app), { redirect_uri }));
    },
  },
  {
    code: 500113,
    how: 'Sign in to an app that lists no redirect URI, naming none.',
    provoke: async (entra) => {
      const app = entra.createApp({ document: { web } });
      return readShown(await openAuthorize(entra, app, { redirect_uri: '' }));
    },
  },
  {
    code: 9002326,
    how: "Redeem a web app's code from a page in a browser: with an `Origin` header.",
    provoke: async (entra) => {
      const app = entra.createApp();
      const code = await signInForCode(entra, app);
      const form = {
        grant_type: 'authorization_code',
        client_id: app.clientId,
        client_secret: app.secret,
        redirect_uri: testRedirectUri,
        code,
      };
      return readAnswer(await entra.post(v2Token, form, { origin: 'http://localhost:3000' }));
    },
  },
  {
    code: 9002327,
    how: "Redeem a single page app's code from a server: without an `Origin` header.",
    provoke: async (entra) => {
      const app = entra.createApp({ document: { web, spa: { redirectUris: [testRedirectUri] } } });
      const code = await signInForCode(entra, app);
      return readAnswer(await redeemCode(entra, app, code, { client_secret: '' }));
    },
  },
  {
    code: 900144,
    how: 'Leave a required parameter out, such as `grant_type` or `scope`.',
    provoke: (entra) => askAppToken(entra, { grant_type: '' }),
  },
  {
    code: 9002313,
    how: 'Redeem what is no code or refresh token of this cloud.',
    provoke: async (entra) => readAnswer(await redeemCode(entra, entra.createApp(), 'not-a-code')),
  },
  {
    code: 90013,
    how: 'Send a value that a parameter can not have, such as another `client_assertion_type`.',
    provoke: (entra) => askAppToken(entra, { client_assertion_type: 'saml', client_assertion: 'x' }),
  },
  {
    code: 90023,
    how: 'Repeat a parameter.',
    provoke: async (entra) => {
      const answer = await entra.app.inject({
        method: 'POST',
        url: `/${entra.tenant.id}${v2Token}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'grant_type=a&grant_type=b',
      });
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
  {
    code: 900561,
    how: 'Call an address by a method that it does not take, such as a token endpoint by GET.',
    provoke: async (entra) => {
      const answer = await entra.app.inject(`/${entra.tenant.id}${v2Token}`);
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
  {
    code: 90056,
    how: 'Call an address that is none; this cloud answers it with 404.',
    provoke: async (entra) => {
      const answer = await entra.app.inject(`/${entra.tenant.id}/oauth2/v9.0/token`);
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
  {
    code: 901002,
    how: 'Send `resource` to a v2 endpoint.',
    provoke: (entra) => askAppToken(entra, { resource: 'https://graph.microsoft.com' }),
  },
  {
    code: 70003,
    how: 'Ask with a `grant_type` that is not known.',
    provoke: (entra) => askAppToken(entra, { grant_type: 'magic' }, { path: v1Token }),
  },
  {
    code: 70005,
    how: 'Ask with a `response_type` that is not known, or with `code` and `token` together.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), { response_type: 'code token' })),
  },
  {
    code: 700051,
    how: 'Ask for a `token` at authorize while the app has "Access tokens" off.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), { response_type: 'token' })),
  },
  {
    code: 700054,
    how: 'Ask for an `id_token` at authorize while the app has "ID tokens" off.',
    provoke: async (entra) =>
      readShown(
        await openAuthorize(entra, entra.createApp(), { response_type: 'code id_token', nonce: 'n' }),
      ),
  },
  {
    code: 70007,
    how: 'Ask with a `response_mode` that is not known, or with `query` for an id token.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), { response_mode: 'pigeon' })),
  },
  {
    code: 501491,
    how: 'Send a `code_challenge` that has not 43 to 128 characters.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), { code_challenge: 'short' })),
  },
  {
    code: 50049,
    how: 'Ask the instance discovery about a host that is none of the sign-in services.',
    provoke: (entra) => presentInstances(entra, 'https://login.example.com/common/oauth2/authorize'),
  },
  {
    code: 50050,
    how: 'Ask the instance discovery about what is no address.',
    provoke: (entra) => presentInstances(entra, 'nonsense'),
  },
];

async function presentInstances(entra: Parameters<Provocation['provoke']>[0], endpoint: string) {
  const query = new URLSearchParams({ 'api-version': '1.1', authorization_endpoint: endpoint });
  const answer = await entra.app.inject(`/common/discovery/instance?${query.toString()}`);
  return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
}
