import { wellKnownIds } from '@latchkey/microsoft';
import { emptyApplicationDocument } from '../../../directory/application-document.ts';
import { seededPassword, seededUsers } from '../../../directory/seed-contoso.ts';
import { setTenantPolicy } from '../../../directory/tenant-policy.ts';
import { signIn, testRedirectUri } from '../open-test-entra.ts';
import { crmScope } from '../sign-in-for-code.ts';
import { askAppToken, openAuthorize, type Provocation, readShown, v1Token } from './provocation.ts';

/** Codes about consent, APIs and scopes. */
export const consentProvocations: readonly Provocation[] = [
  {
    code: 65001,
    how: 'Ask for a token for a person who consented to nothing.',
    provoke: (entra) =>
      askAppToken(entra, {
        grant_type: 'password',
        username: seededUsers.salesperson,
        password: seededPassword,
        scope: crmScope,
      }),
  },
  {
    code: 65002,
    how: "Ask with a client of Microsoft's own, such as the Azure CLI, for more than it was authorised for.",
    provoke: async (entra) => {
      const app = entra.createApp();
      const changes = {
        client_id: wellKnownIds.azureCli,
        redirect_uri: 'http://localhost',
        scope: 'https://graph.microsoft.com/Application.ReadWrite.All',
      };
      return readShown(await signIn(await openAuthorize(entra, app, changes)));
    },
  },
  {
    code: 65004,
    how: 'Press Cancel on "Permissions requested".',
    provoke: async (entra) => {
      const page = await signIn(await openAuthorize(entra, entra.createApp()));
      return readShown(await page.submit({}, 'idBtn_Back'));
    },
  },
  {
    code: 650052,
    how: 'List an API in the registration that the tenant has no service principal of, then ask for consent.',
    provoke: async (entra) => {
      const requiredResourceAccess = [
        { resourceAppId: '00000000-0000-4000-8000-00000000000a', resourceAccess: [] },
      ];
      const app = entra.createApp({ document: { requiredResourceAccess } });
      return readShown(await signIn(await openAuthorize(entra, app, { scope: '.default' })));
    },
  },
  {
    code: 650053,
    how: 'Ask for a scope that the API does not have, such as `https://graph.microsoft.com/Mail.Raed`.',
    provoke: async (entra) => {
      const scope = 'https://graph.microsoft.com/Mail.Raed';
      return readShown(await openAuthorize(entra, entra.createApp(), { scope }));
    },
  },
  {
    code: 650057,
    how: 'Ask at v1 for an API that the registration does not list.',
    provoke: async (entra) => {
      const app = entra.createApp({ document: { requiredResourceAccess: [] } });
      return readShown(await signIn(await openAuthorize(entra, app, {}, { version: 1 })));
    },
  },
  {
    code: 90094,
    how: 'Switch user consent off in the tenant (`userConsent: off`), or ask for what only administrators give; then go back to the app.',
    provoke: async (entra) => {
      setTenantPolicy(entra.context.directory, entra.tenant.id, { userConsent: 'off' });
      const page = await signIn(await openAuthorize(entra, entra.createApp()), seededUsers.salesperson);
      return readShown(await page.submit({}, 'idBtn_Back'));
    },
  },
  {
    code: 90095,
    how: 'The same with requests on (`adminConsentRequests: on`): on "Approval required" press Cancel, or send a request and go back.',
    provoke: async (entra) => {
      const policy = { userConsent: 'off', adminConsentRequests: 'on' } as const;
      setTenantPolicy(entra.context.directory, entra.tenant.id, policy);
      const page = await signIn(await openAuthorize(entra, entra.createApp()), seededUsers.salesperson);
      return readShown(await (await page.submit({ reason: 'I need it' })).submit());
    },
  },
  {
    code: 500011,
    how: 'Ask for a token for an API that the tenant does not know, such as a mistyped environment address.',
    provoke: (entra) => askAppToken(entra, { resource: 'https://typo.crm4.dynamics.com' }, { path: v1Token }),
  },
  {
    code: 70011,
    how: 'Ask for client credentials with a scope other than `{resource}/.default`, or for `.default` beside another scope.',
    provoke: (entra) => askAppToken(entra, { scope: crmScope }),
  },
  {
    code: 700023,
    how: 'Ask for a `token` at authorize with sign-in scopes alone.',
    provoke: async (entra) => {
      const { web } = emptyApplicationDocument(null);
      const implicitGrantSettings = { ...web.implicitGrantSettings, enableAccessTokenIssuance: true };
      const document = { web: { ...web, redirectUris: [testRedirectUri], implicitGrantSettings } };
      const changes = { response_type: 'token', scope: 'openid profile' };
      return readShown(await openAuthorize(entra, entra.createApp({ document }), changes));
    },
  },
  {
    code: 700022,
    how: 'Ask for scopes of two APIs at once.',
    provoke: async (entra) =>
      readShown(
        await openAuthorize(entra, entra.createApp(), {
          scope: `${crmScope} https://graph.microsoft.com/User.Read`,
        }),
      ),
  },
];
