import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  emptyApplicationDocument,
  type RequiredResourceAccess,
} from '../../directory/application-document.ts';
import { grantedScopes, listPermissionGrants } from '../../directory/permission-grants.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { findUserByName, updateUserProfile } from '../../directory/users.ts';
import {
  authorizeUrl,
  claimsOf,
  crmAccess,
  crmOrigin,
  openTestEntra,
  pressTile,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type Shown } from '../testing/scripted-browser.ts';
import { crmScope, redeemCode } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

const { salesperson, administrator } = seededUsers;
const graphAccess: RequiredResourceAccess = {
  resourceAppId: wellKnownIds.microsoftGraph,
  resourceAccess: [{ id: wellKnownScopes.microsoftGraph['User.Read'].id, type: 'Scope' }],
};
const adminOnly: RequiredResourceAccess = {
  resourceAppId: wellKnownIds.microsoftGraph,
  resourceAccess: [{ id: wellKnownScopes.microsoftGraph['Application.ReadWrite.All'].id, type: 'Scope' }],
};

async function open(
  app: Pick<TestApp, 'clientId'>,
  user: string,
  parameters: Record<string, string> = { scope: crmScope },
  version: 1 | 2 = 2,
): Promise<Shown> {
  const url = authorizeUrl(entra, version, {
    client_id: app.clientId,
    redirect_uri: testRedirectUri,
    ...parameters,
  });
  return signIn(await entra.browser().open(url), user);
}

function granted(app: TestApp, resourceAppId: string, user: string): string[] {
  const { directory } = entra.context;
  const find = (appId: string) => findServicePrincipalByAppId(directory, entra.tenant.id, appId)?.id ?? '';
  const scopes = grantedScopes(directory, {
    clientId: find(app.clientId),
    resourceId: find(resourceAppId),
    userId: findUserByName(directory, user)?.id ?? '',
  });
  return [...scopes].sort();
}

it('asks once, keeps the answer for the person alone, and installs the app', async () => {
  const app = entra.createApp({ isInstalled: false });
  const consent = await open(app, salesperson);
  expect(consent.html).toContain('Permissions requested');
  expect(consent.html).toContain('Integration');
  expect(consent.html).toContain('contoso.onmicrosoft.com <strong>unverified</strong>');
  expect(consent.html).toContain('Allows the application to access Common Data Service as you.');
  expect(consent.html).toContain('Maintain access to data you have given it access to');
  expect(hasElement(consent, 'orgConsent')).toBe(false);
  expect(sentParameter(await consent.submit(), 'code')).toBeDefined();
  expect(granted(app, wellKnownIds.dynamicsCrm, salesperson)).toEqual(['user_impersonation']);
  expect(granted(app, wellKnownIds.microsoftGraph, salesperson)).toEqual([
    'offline_access',
    'openid',
    'profile',
  ]);
  expect(granted(app, wellKnownIds.dynamicsCrm, administrator)).toEqual([]);
  expect(sentParameter(await open(app, salesperson), 'code')).toBeDefined();
  expect((await open(app, administrator)).html).toContain('Permissions requested');
});

it('Cancel sends access_denied to the app and keeps nothing', async () => {
  const app = entra.createApp();
  const refused = await (await open(app, salesperson, { scope: crmScope, state: 'x' })).submit(
    {},
    'idBtn_Back',
  );
  expect(sentParameter(refused, 'error')).toBe('access_denied');
  expect(sentParameter(refused, 'error_description')).toContain('AADSTS65004: User declined');
  expect(sentParameter(refused, 'error_subcode')).toBe('cancel');
  expect(sentParameter(refused, 'state')).toBe('x');
  expect(granted(app, wellKnownIds.dynamicsCrm, salesperson)).toEqual([]);
});

it('an administrator consents for everybody by the checkbox, which is not ticked', async () => {
  const app = entra.createApp();
  const consent = await open(app, administrator);
  expect(consent.html).toMatch(/<input type="checkbox" id="orgConsent" name="orgConsent" value="true">/);
  await consent.submit({ orgConsent: 'true' });
  expect(granted(app, wellKnownIds.dynamicsCrm, salesperson)).toEqual(['user_impersonation']);
  expect(sentParameter(await open(app, salesperson), 'code')).toBeDefined();
});

it('a person who forges the checkbox consents for nobody', async () => {
  const app = entra.createApp();
  const refused = await (await open(app, salesperson)).submit({ orgConsent: 'true' });
  expect(sentParameter(refused, 'error_description')).toContain('AADSTS90093');
  expect(granted(app, wellKnownIds.dynamicsCrm, administrator)).toEqual([]);
});

it('a person is shown "Need admin approval" for what only administrators may give', async () => {
  const app = entra.createApp({ document: { requiredResourceAccess: [crmAccess, adminOnly] } });
  const shown = await open(app, salesperson, { resource: crmOrigin }, 1);
  expect(shown.html).toContain('Need admin approval');
  expect(shown.html).toContain('AADSTS90094');
  expect(hasElement(await shown.submit({}, 'other'), 'i0116')).toBe(true);
  const back = await shown.submit({}, 'idBtn_Back');
  expect(sentParameter(back, 'error')).toBe('access_denied');
  expect(sentParameter(back, 'error_description')).toContain('AADSTS90094');
  expect((await open(app, administrator, { resource: crmOrigin }, 1)).html).toContain(
    'Permissions requested',
  );
});

it('a Cloud Application Administrator may consent too', async () => {
  const { directory } = entra.context;
  const id = findUserByName(directory, seededUsers.withoutLicence)?.id ?? '';
  updateUserProfile(directory, id, { directoryRoles: ['Cloud Application Administrator'] });
  const shown = await open(entra.createApp(), seededUsers.withoutLicence);
  updateUserProfile(directory, id, { directoryRoles: [] });
  expect(hasElement(shown, 'orgConsent')).toBe(true);
});

it('prompt=consent asks although everything was given', async () => {
  const app = entra.createApp();
  await (await open(app, salesperson)).submit();
  const again = await open(app, salesperson, { scope: crmScope, prompt: 'consent' });
  expect(again.html).toContain('Permissions requested');
  expect(sentParameter(await again.submit(), 'code')).toBeDefined();
});

it('prompt=none says that consent is missing', async () => {
  const app = entra.createApp();
  const browser = entra.browser();
  const url = (more: Record<string, string>) =>
    authorizeUrl(entra, 2, {
      client_id: app.clientId,
      redirect_uri: testRedirectUri,
      scope: crmScope,
      ...more,
    });
  await signIn(await browser.open(url({})));
  const shown = await browser.open(url({ prompt: 'none' }));
  expect(sentParameter(shown, 'error')).toBe('consent_required');
  expect(sentParameter(shown, 'error_description')).toContain('AADSTS65001');
});

it('v1 shows everything that the registration lists, and asks no more once anything was given', async () => {
  const app = entra.createApp({ document: { requiredResourceAccess: [crmAccess, graphAccess] } });
  const consent = await open(app, salesperson, { resource: crmOrigin }, 1);
  expect(consent.html).toContain('Access Common Data Service as you');
  expect(consent.html).toContain('Sign you in and read your profile');
  await consent.submit();
  expect(granted(app, wellKnownIds.microsoftGraph, salesperson)).toContain('User.Read');
  expect(sentParameter(await open(app, salesperson, { resource: crmOrigin }, 1), 'code')).toBeDefined();
});

it('v1 refuses an API that the registration does not list; v2 asks for it', async () => {
  const app = entra.createApp({ document: { requiredResourceAccess: [] } });
  const v1 = await open(app, salesperson, { resource: crmOrigin }, 1);
  expect(sentParameter(v1, 'error')).toBe('invalid_resource');
  expect(sentParameter(v1, 'error_description')).toContain('AADSTS650057');
  const v2 = await open(app, salesperson, { scope: `${crmOrigin}/.default` });
  expect(sentParameter(v2, 'error')).toBe('invalid_client');
  expect((await open(app, salesperson)).html).toContain('Permissions requested');
});

it('sign-in scopes alone bring no new page to whom the administrator consented for', async () => {
  const app = entra.createApp();
  await (await open(app, administrator)).submit({ orgConsent: 'true' });
  const { directory } = entra.context;
  const graph = findServicePrincipalByAppId(directory, entra.tenant.id, wellKnownIds.microsoftGraph);
  for (const grant of listPermissionGrants(directory, entra.tenant.id)) {
    if (grant.resourceId === graph?.id) {
      directory.prepare('DELETE FROM permission_grants WHERE id = ?').run(grant.id);
    }
  }
  const shown = await open(app, salesperson);
  const { json } = await redeemCode(entra, app, sentParameter(shown, 'code'));
  expect(json.refresh_token).toBeDefined();
  expect(json.id_token).toBeDefined();
});

it('prompt=admin_consent grants for everybody and says so beside the code', async () => {
  const app = entra.createApp({ document: { requiredResourceAccess: [crmAccess, graphAccess] } });
  const parameters = { resource: crmOrigin, prompt: 'admin_consent' };
  expect((await open(app, salesperson, parameters, 1)).html).toContain('Need admin approval');
  const consent = await open(app, administrator, parameters, 1);
  expect(consent.html).toContain('Accept for your organization');
  const done = await consent.submit();
  expect(sentParameter(done, 'admin_consent')).toBe('True');
  expect(sentParameter(done, 'code')).toBeDefined();
  expect(granted(app, wellKnownIds.dynamicsCrm, salesperson)).toEqual(['user_impersonation']);
});

it("Microsoft's pre-authorised clients are never asked about, and get no more than they have", async () => {
  const redirect_uri = 'http://localhost:8400';
  const azureCli = { clientId: wellKnownIds.azureCli };
  const scope = 'https://graph.microsoft.com/.default openid offline_access';
  const done = await open(azureCli, salesperson, { redirect_uri, scope });
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'authorization_code',
    client_id: wellKnownIds.azureCli,
    redirect_uri,
    code: sentParameter(done, 'code'),
  });
  expect(claimsOf(json.access_token)).toMatchObject({ aud: 'https://graph.microsoft.com', appidacr: '0' });
  expect(claimsOf(json.access_token).scp).toContain('Directory.AccessAsUser.All');
  const refused = await open(azureCli, salesperson, { redirect_uri, scope: 'Application.ReadWrite.All' });
  expect(sentParameter(refused, 'error_description')).toContain('AADSTS65002');
});

it('Microsoft Graph Command Line Tools may be given any scope of Graph', async () => {
  const redirect_uri = 'http://localhost:8401';
  const parameters = { redirect_uri, scope: 'Application.ReadWrite.All User.Read offline_access' };
  const tools = { clientId: wellKnownIds.graphCommandLineTools };
  expect((await open(tools, salesperson, parameters)).html).toContain('Need admin approval');
  const consent = await open(tools, administrator, parameters);
  expect(consent.html).toContain('Read and write applications');
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'authorization_code',
    client_id: tools.clientId,
    redirect_uri,
    code: sentParameter(await consent.submit(), 'code'),
  });
  expect(String(json.scope).split(' ')).toEqual(
    expect.arrayContaining(['Application.ReadWrite.All', 'User.Read']),
  );
});

it('the page that one person was shown is answered by nobody else, and by nobody once they signed out', async () => {
  const app = entra.createApp();
  const browser = entra.browser();
  const url = authorizeUrl(entra, 2, {
    client_id: app.clientId,
    redirect_uri: testRedirectUri,
    scope: crmScope,
  });
  const consent = await signIn(await browser.open(url), salesperson);
  const other = await signIn(await browser.open(`${url}&prompt=login`), administrator);
  expect(other.html).toContain('Permissions requested');
  await pressTile(await browser.open(`${url}&prompt=select_account`), salesperson, 'signout');
  const shown = await consent.submit();
  expect(hasElement(shown, 'i0116')).toBe(true);
  expect(granted(app, wellKnownIds.dynamicsCrm, administrator)).toEqual([]);
  expect(granted(app, wellKnownIds.dynamicsCrm, salesperson)).toEqual([]);
});

it('the consent page links to the terms that the publisher gave, if they are web pages', async () => {
  const { info } = emptyApplicationDocument(null);
  const app = entra.createApp({
    document: {
      info: {
        ...info,
        termsOfServiceUrl: 'https://app.example/terms?a="b',
        privacyStatementUrl: 'javascript:alert(1)',
      },
    },
  });
  const { html } = await open(app, salesperson);
  expect(html).toContain('<a href="https://app.example/terms?a=%22b" target="_blank"');
  expect(html).not.toContain('javascript:');
  expect(html).not.toContain('has not provided links');
  expect((await open(entra.createApp(), salesperson)).html).toContain('has not provided links');
});

it('tells beside the code who signed in, where the app asks for it', async () => {
  const app = entra.createApp();
  const answer = async (parameters: Record<string, string>) => {
    const shown = await open(app, salesperson, { scope: crmScope, ...parameters });
    return (shown.location ? shown : await shown.submit()).location?.searchParams;
  };
  const asked = await answer({ client_info: '1' });
  const { json } = await redeemCode(entra, app, asked?.get('code') ?? '', { client_info: '1' });
  expect(asked?.get('client_info')).toBe(json.client_info);
  expect((await answer({}))?.has('client_info')).toBe(false);
});

it('takes consent to any permission of Graph, and to those of other services', async () => {
  const app = entra.createApp();
  const mail = await open(app, salesperson, { scope: 'Mail.Send Calendars.ReadWrite.Shared' });
  expect(mail.html).toContain('Read and write calendars (shared)');
  const { json } = await redeemCode(entra, app, sentParameter(await mail.submit(), 'code'));
  expect(claimsOf(json.access_token).scp).toBe('Mail.Send Calendars.ReadWrite.Shared');
  const flows = await open(app, salesperson, { scope: 'https://service.flow.microsoft.com//Flows.Read.All' });
  const answer = await redeemCode(entra, app, sentParameter(await flows.submit(), 'code'));
  expect(claimsOf(answer.json.access_token)).toMatchObject({
    aud: 'https://service.flow.microsoft.com/',
    scp: 'Flows.Read.All',
  });
  expect((await open(app, salesperson, { scope: 'Sites.FullControl.All' })).html).toContain(
    'Need admin approval',
  );
});

it('tells a scope that the API does not have by its name and the API', async () => {
  const { clientId: client_id } = entra.createApp();
  const asked = { client_id, redirect_uri: testRedirectUri, scope: `${crmOrigin}/Mail.Send` };
  const refused = await entra.browser().open(authorizeUrl(entra, 2, asked));
  expect(sentParameter(refused, 'error')).toBe('invalid_client');
  expect(sentParameter(refused, 'error_description')).toContain(
    "AADSTS650053: The application 'Integration' asked for scope 'Mail.Send' that doesn't exist on the resource '00000007-0000-0000-c000-000000000000'.",
  );
});
