import { openAuthorize, type Provocation, readAnswer, readShown, v2Token } from './provocation.ts';

/** Codes about addresses and the encoding of a request. */
export const addressProvocations: readonly Provocation[] = [
  {
    code: 90004,
    how: 'Break the encoding of a parameter, or send a body of more than a megabyte.',
    provoke: async (entra) => {
      const answer = await entra.app.inject({
        method: 'POST',
        url: `/${entra.tenant.id}${v2Token}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'grant_type=%ZZ',
      });
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
  {
    code: 90019,
    how: 'Leave the tenant out of an address: `/oauth2/v2.0/token`.',
    provoke: async (entra) => {
      const answer = await entra.app.inject({ method: 'POST', url: v2Token });
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
  {
    code: 90014,
    how: 'Send HTTP Basic without a client id before the colon.',
    provoke: async (entra) =>
      readAnswer(
        await entra.post(
          v2Token,
          { grant_type: 'client_credentials' },
          { authorization: `Basic ${Buffer.from(':secret').toString('base64')}` },
        ),
      ),
  },
  {
    code: 90015,
    how: 'Send a query of more than 8,192 characters, such as a long `state` or `id_token_hint`.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), { state: 'x'.repeat(8192) })),
  },
  {
    code: 90027,
    how: "Send people to v1's authorize endpoint below `/consumers`.",
    provoke: async (entra) => {
      const app = entra.createApp({ document: { signInAudience: 'AzureADandPersonalMicrosoftAccount' } });
      return readShown(await openAuthorize(entra, app, {}, { version: 1, tenant: 'consumers' }));
    },
  },
  {
    code: 90102,
    how: 'Name a `redirect_uri` that is no whole address, such as `/callback`.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), { redirect_uri: '/callback' })),
  },
  {
    code: 90124,
    how: 'Ask for Dynamics 365 below `/consumers`.',
    provoke: async (entra) => {
      const app = entra.createApp({ document: { signInAudience: 'AzureADandPersonalMicrosoftAccount' } });
      return readShown(await openAuthorize(entra, app, {}, { tenant: 'consumers' }));
    },
  },
  {
    code: 50147,
    how: 'Send a `code_challenge_method` without a `code_challenge`.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), { code_challenge_method: 'S256' })),
  },
];
