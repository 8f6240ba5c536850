import {
  findServicePrincipalByAppId,
  updateServicePrincipal,
} from '../../../directory/service-principals.ts';
import { crmOrigin, signIn } from '../open-test-entra.ts';
import {
  askAppToken,
  openAuthorize,
  type Provocation,
  readAnswer,
  readShown,
  v1Token,
} from './provocation.ts';

/** A tenant besides Contoso that is there from the start. */
const otherTenant = 'microsoftservices.onmicrosoft.com';

/** Codes about the tenant that is asked, and the one that a person belongs to. */
export const tenantProvocations: readonly Provocation[] = [
  {
    code: 16000,
    how: "Ask with `prompt=none` at another tenant's address than that of the person who is signed in.",
    provoke: async (entra) => {
      const app = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
      const browser = entra.browser();
      await signIn(await openAuthorize(entra, app, {}, { browser }));
      return readShown(
        await openAuthorize(
          entra,
          app,
          { prompt: 'none', resource: '' },
          { browser, tenant: otherTenant, version: 1 },
        ),
      );
    },
  },
  {
    code: 50128,
    how: 'Use the password grant at `/organizations` with a name of no known domain.',
    provoke: async (entra) => {
      const app = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
      const answer = await entra.post('/common/oauth2/token', {
        grant_type: 'password',
        client_id: app.clientId,
        client_secret: app.secret,
        resource: crmOrigin,
        username: 'ada@nowhere.example',
        password: 'secret',
      });
      return readAnswer(answer);
    },
  },
  {
    code: 500201,
    how: "Ask v1's token endpoint below `/consumers`.",
    provoke: async (entra) => {
      const answer = await entra.app.inject({ method: 'POST', url: `/consumers${v1Token}` });
      return readAnswer({ status: answer.statusCode, headers: {}, json: answer.json() });
    },
  },
  {
    code: 50001,
    how: "Switch an API's service principal off (`accountEnabled: false`), then ask for a token for it.",
    provoke: async (entra) => {
      const api = entra.createApp({ displayName: 'Orders' });
      const { directory } = entra.context;
      const principal = findServicePrincipalByAppId(directory, entra.tenant.id, api.clientId);
      if (principal) updateServicePrincipal(directory, { ...principal, accountEnabled: false });
      return askAppToken(entra, { scope: `api://${api.clientId}/.default` });
    },
  },
];
