import { emptyApplicationDocument } from '../../../directory/application-document.ts';
import { softDeleteApplication } from '../../../directory/applications.ts';
import { consentToScopes } from '../../../directory/permission-grants.ts';
import { seededUsers } from '../../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../../directory/service-principals.ts';
import { signIn, type TestApp, type TestEntra } from '../open-test-entra.ts';
import { redeemCode, refresh, signInForCode } from '../sign-in-for-code.ts';
import { openAuthorize, type Provocation, readAnswer, readShown } from './provocation.ts';

/** Codes about the API that is asked for. */
export const apiProvocations: readonly Provocation[] = [
  {
    code: 28003,
    how: 'Sign in at v1 without a `resource`, then redeem the code at v2 without a `scope`.',
    provoke: async (entra) => {
      const app = entra.createApp();
      const code = await signInForCode(entra, app, { version: 1, parameters: { resource: '' } });
      return readAnswer(await redeemCode(entra, app, code));
    },
  },
  {
    code: 650054,
    how: 'Delete an application whose API another one lists, then ask for consent to that one.',
    provoke: async (entra) => {
      const api = entra.createApp({ displayName: 'Orders' });
      softDeleteApplication(entra.context.directory, api.application);
      const app = entra.createApp({
        document: { requiredResourceAccess: [{ resourceAppId: api.clientId, resourceAccess: [] }] },
      });
      return readShown(await signIn(await openAuthorize(entra, app, { resource: '' }, { version: 1 })));
    },
  },
  {
    code: 650056,
    how: 'Sign in at v1 without a `resource` to an app that lists no API.',
    provoke: async (entra) => {
      const app = entra.createApp({ document: { requiredResourceAccess: [] } });
      return readShown(await openAuthorize(entra, app, { resource: '' }, { version: 1 }));
    },
  },
  {
    code: 90009,
    how: 'Refresh without naming an API, where the token before was for the app itself, named by its URI.',
    provoke: async (entra) => {
      const app = createOwnApi(entra);
      const scope = `api://${app.clientId}/.default offline_access`;
      const { json } = await redeemCode(
        entra,
        app,
        await signInForCode(entra, app, { parameters: { scope } }),
      );
      return readAnswer(await refresh(entra, app, json.refresh_token));
    },
  },
  {
    code: 90093,
    how: 'Accept for the whole organization without the role for it, by a form that was made up.',
    provoke: async (entra) => {
      const page = await openAuthorize(entra, entra.createApp());
      const consent = await signIn(page, seededUsers.salesperson);
      return readShown(await consent.submit({ orgConsent: 'true' }));
    },
  },
];

/** An app that offers a permission and was given it itself. */
function createOwnApi(entra: TestEntra): TestApp {
  const { api } = emptyApplicationDocument(null);
  const scope = {
    id: entra.context.random.guid(),
    value: 'Orders.Read',
    type: 'User' as const,
    isEnabled: true,
    adminConsentDisplayName: 'Read orders',
    adminConsentDescription: 'Read orders.',
    userConsentDisplayName: null,
    userConsentDescription: null,
  };
  const app = entra.createApp({ document: { api: { ...api, oauth2PermissionScopes: [scope] } } });
  const { directory } = entra.context;
  const principal = findServicePrincipalByAppId(directory, entra.tenant.id, app.clientId);
  if (!principal) throw new Error('The app was not installed.');
  consentToScopes(directory, {
    tenantId: entra.tenant.id,
    clientId: principal.id,
    resourceId: principal.id,
    consentType: 'AllPrincipals',
    principalId: null,
    scopes: [scope.value],
  });
  return app;
}
