import { afterAll, beforeAll, expect, it } from 'vitest';
import { installFirstParty } from '../../directory/first-party/install-first-party.ts';
import { installApplication } from '../../directory/install-application.ts';
import { addPrincipalSecret } from '../../directory/principal-secrets.ts';
import { findServicePrincipalByAppId, updateServicePrincipal } from '../../directory/service-principals.ts';
import { createTenant } from '../../directory/tenants.ts';
import { makeClientCertificate, signAssertion } from '../../jwt/testing/client-certificate.ts';
import { openTestEntra, type TestApp, type TestEntra } from '../testing/open-test-entra.ts';
import { redeemCode, signInForCode } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

function principalOf({ clientId }: TestApp) {
  const principal = findServicePrincipalByAppId(entra.context.directory, entra.tenant.id, clientId);
  if (!principal) throw new Error('The app has no service principal.');
  return principal;
}

/** An app whose service principal has a secret, which takes the place of the app's own. */
function createAppWithPrincipalSecret(): TestApp {
  const app = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  const now = entra.clock.now();
  const { secretText } = addPrincipalSecret(entra.context.directory, principalOf(app), {
    displayName: null,
    startAt: now,
    endAt: now + 60_000,
  });
  return { ...app, secret: secretText };
}

const scope = 'https://graph.microsoft.com/.default';
const ask = (app: TestApp, tenantId = entra.tenant.id) =>
  entra.post(`/${tenantId}/oauth2/v2.0/token`, {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope,
  });

it('takes a secret of the service principal besides the app’s own, until it ends', async () => {
  const app = createAppWithPrincipalSecret();
  expect((await ask(app)).status).toBe(200);
  expect((await redeemCode(entra, app, await signInForCode(entra, app))).status).toBe(200);
  entra.clock.advance(60_000);
  expect((await ask(app)).json.error_codes).toEqual([7000222]);
});

it('takes it in the service principal’s tenant alone', async () => {
  const { directory, random } = entra.context;
  const app = createAppWithPrincipalSecret();
  const other = { id: random.guid(), displayName: 'Fabrikam', domains: ['fabrikam.onmicrosoft.com'] };
  createTenant(directory, { ...other, createdAt: entra.clock.now() });
  installFirstParty(directory, other.id);
  installApplication(directory, other.id, app.application);
  expect((await ask(app, other.id)).json.error_codes).toEqual([7000215]);
});

it('takes a certificate of the service principal, too', async () => {
  const app = entra.createApp();
  const { directory } = entra.context;
  const certificate = await makeClientCertificate(entra.clock.now());
  const principal = principalOf(app);
  const present = () => {
    const seconds = Math.floor(entra.clock.now() / 1000);
    return entra.post('/oauth2/v2.0/token', {
      grant_type: 'client_credentials',
      client_id: app.clientId,
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signAssertion(certificate, {
        aud: `https://login.microsoftonline.com/${entra.tenant.id}/oauth2/v2.0/token`,
        iss: app.clientId,
        sub: app.clientId,
        nbf: seconds,
        exp: seconds + 600,
      }),
    });
  };
  expect((await present()).json.error_codes).toEqual([700027]);
  const document = { ...principal.document, keyCredentials: [certificate.credential] };
  updateServicePrincipal(directory, { ...principal, document });
  expect((await present()).status).toBe(200);
});
