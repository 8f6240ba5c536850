import { addClientSecret } from '../../../directory/client-secrets.ts';
import { seededPassword } from '../../../directory/seed-contoso.ts';
import {
  findServicePrincipalByAppId,
  updateServicePrincipal,
} from '../../../directory/service-principals.ts';
import { createTenant } from '../../../directory/tenants.ts';
import { createUser } from '../../../directory/users.ts';
import { signIn, testRedirectUri } from '../open-test-entra.ts';
import { redeemCode } from '../sign-in-for-code.ts';
import {
  askAppToken,
  openAuthorize,
  type Provocation,
  readAnswer,
  readShown,
  v2Token,
} from './provocation.ts';

const hour = 3_600_000;

/** Codes about the client, its credential and its tenant. */
export const clientProvocations: readonly Provocation[] = [
  {
    code: 7000215,
    how: 'Ask for a token with a wrong `client_secret`.',
    provoke: (entra) => askAppToken(entra, { client_secret: 'wrong' }),
  },
  {
    code: 7000222,
    how: 'Ask for a token with a secret whose end has passed; move the clock on.',
    provoke: (entra) => {
      const app = entra.createApp();
      const startAt = entra.clock.now();
      const wanted = { displayName: null, startAt, endAt: startAt + hour };
      const { secretText } = addClientSecret(entra.context.directory, app.application.id, wanted);
      entra.clock.advance(hour);
      return askAppToken(entra, { client_secret: secretText }, { app });
    },
  },
  {
    code: 7000216,
    how: 'Ask for client credentials without a secret or an assertion.',
    provoke: (entra) => askAppToken(entra, { client_secret: '' }),
  },
  {
    code: 7000218,
    how: 'Redeem a code or a device code of a confidential app without its credential.',
    provoke: (entra) =>
      askAppToken(entra, { grant_type: 'password', username: 'x', password: 'y', client_secret: '' }),
  },
  {
    code: 700025,
    how: 'Send a `client_secret` with a code that came through a redirect URI of the platform "Mobile and desktop".',
    provoke: async (entra) => {
      const document = { web: webWithout(), publicClient: { redirectUris: [testRedirectUri] } };
      const app = entra.createApp({ document });
      const page = await signIn(await openAuthorize(entra, app));
      const shown = page.location ? page : await page.submit();
      return readAnswer(await redeemCode(entra, app, shown.location?.searchParams.get('code') ?? ''));
    },
  },
  {
    code: 700016,
    how: 'Use a client id that the tenant does not know, or that of a deleted app.',
    provoke: async (entra) =>
      readShown(
        await openAuthorize(entra, entra.createApp(), { client_id: '00000000-0000-4000-8000-000000000001' }),
      ),
  },
  {
    code: 700038,
    how: 'Use the zero GUID, or what is no GUID, as client id.',
    provoke: (entra) => askAppToken(entra, { client_id: '00000000-0000-0000-0000-000000000000' }),
  },
  {
    code: 7000112,
    how: "Switch the app's service principal off (`accountEnabled: false`), then sign in or ask for a token.",
    provoke: (entra) => {
      const app = entra.createApp();
      const { directory } = entra.context;
      const principal = findServicePrincipalByAppId(directory, entra.tenant.id, app.clientId);
      if (principal) updateServicePrincipal(directory, { ...principal, accountEnabled: false });
      return askAppToken(entra, {}, { app });
    },
  },
  {
    code: 50194,
    how: 'Send people of a single-tenant app to `/common` or `/organizations`.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), {}, { tenant: 'common' })),
  },
  {
    code: 50059,
    how: 'Ask for client credentials at `/common`.',
    provoke: (entra) => askAppToken(entra, {}, { path: `/common${v2Token}` }),
  },
  {
    code: 90002,
    how: 'Put a tenant into the path that is not there.',
    provoke: async (entra) => {
      const answer = await entra.app.inject({ method: 'POST', url: `/nowhere.example${v2Token}` });
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
  {
    code: 50020,
    how: "Sign in, or redeem a refresh token, at one tenant's address with an account of another tenant.",
    provoke: async (entra) => {
      const { directory, random, clock } = entra.context;
      const id = random.guid();
      createTenant(directory, {
        id,
        displayName: 'Fabrikam',
        domains: ['fabrikam.onmicrosoft.com'],
        createdAt: clock.now(),
      });
      const name = 'ada@fabrikam.onmicrosoft.com';
      createUser(directory, {
        id: random.guid(),
        tenantId: id,
        userPrincipalName: name,
        displayName: 'Ada',
        givenName: 'Ada',
        surname: 'Byron',
        mail: null,
        jobTitle: null,
        enabled: true,
        directoryRoles: [],
        licences: [],
        password: seededPassword,
      });
      return readShown(await signIn(await openAuthorize(entra, entra.createApp()), name));
    },
  },
  {
    code: 90130,
    how: 'Open the v2 `adminconsent` address below `/common`.',
    provoke: async (entra) => {
      const { clientId } = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: testRedirectUri,
        scope: '.default',
      });
      return readShown(await entra.browser().open(`/common/v2.0/adminconsent?${query.toString()}`));
    },
  },
  {
    code: 9001023,
    how: 'Use the password grant at `/common`.',
    provoke: (entra) => askAppToken(entra, { grant_type: 'password' }, { path: `/common${v2Token}` }),
  },
  {
    code: 9002332,
    how: 'Send people of an app for work accounts to `/consumers`.',
    provoke: async (entra) =>
      readShown(await openAuthorize(entra, entra.createApp(), {}, { tenant: 'consumers' })),
  },
  {
    code: 9002331,
    how: 'Send people of an app for personal accounts to anything but `/consumers`.',
    provoke: async (entra) => {
      const app = entra.createApp({ document: { signInAudience: 'PersonalMicrosoftAccount' } });
      return readShown(await openAuthorize(entra, app, {}, { tenant: 'common' }));
    },
  },
];

function webWithout() {
  return {
    homePageUrl: null,
    logoutUrl: null,
    redirectUris: [],
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
  };
}
