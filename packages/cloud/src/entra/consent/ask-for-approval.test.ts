import { afterEach, beforeEach, expect, it } from 'vitest';
import { listConsentRequests } from '../../directory/consent-requests.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { setTenantPolicy } from '../../directory/tenant-policy.ts';
import {
  authorizeUrl,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type ScriptedBrowser, type Shown } from '../testing/scripted-browser.ts';
import { crmScope } from '../testing/sign-in-for-code.ts';

const anyText: unknown = expect.any(String);
let entra: TestEntra;
let app: TestApp;
beforeEach(async () => {
  entra = await openTestEntra();
  setTenantPolicy(entra.context.directory, entra.tenant.id, {
    userConsent: 'off',
    adminConsentRequests: 'on',
  });
  app = entra.createApp();
});
afterEach(() => entra.close());

async function ask(
  {
    browser = entra.browser(),
    user = seededUsers.salesperson,
    version = 2,
  }: { browser?: ScriptedBrowser; user?: string; version?: 1 | 2 } = {},
  changes: Record<string, string> = {},
): Promise<Shown> {
  const page = await browser.open(
    authorizeUrl(entra, version, {
      client_id: app.clientId,
      redirect_uri: testRedirectUri,
      state: 's-1',
      ...(version === 2 ? { scope: crmScope } : { resource: 'https://contoso.crm4.dynamics.com' }),
      ...changes,
    }),
  );
  return hasElement(page, 'i0116') ? signIn(page, user) : page;
}

const requests = () => listConsentRequests(entra.context.directory, entra.tenant.id);

async function consentAsAdministrator(browser: ScriptedBrowser = entra.browser()): Promise<Shown> {
  const page = await browser.open(
    `/${entra.tenant.id}/adminconsent?client_id=${app.clientId}&redirect_uri=${encodeURIComponent(testRedirectUri)}`,
  );
  return (await signIn(page, seededUsers.administrator)).submit();
}

it.each([1, 2] as const)(
  'takes a request, and lets the person in once it is approved (v%i)',
  async (version) => {
    const browser = entra.browser();
    const page = await ask({ browser, version });
    expect(page.html).toContain('<h1>Approval required</h1>');
    expect(page.html).toContain('AADSTS90095');
    expect(page.html).toContain('Access Common Data Service as you');
    const sent = await page.submit({ reason: ' I sell <b>things</b> ' });
    expect(sent.html).toContain('<h1>Request sent</h1>');
    expect(requests()).toMatchObject([
      { appId: app.clientId, reason: 'I sell <b>things</b>', decision: null, userId: anyText },
    ]);
    const back = await sent.submit();
    expect(sentParameter(back, 'error')).toBe('access_denied');
    expect(sentParameter(back, 'error_description')).toContain('AADSTS90095');
    expect(sentParameter(back, 'state')).toBe('s-1');

    expect(sentParameter(await consentAsAdministrator(), 'admin_consent')).toBe('True');
    expect(requests()).toMatchObject([{ decision: 'Approve', decidedBy: anyText }]);
    expect(sentParameter(await ask({ browser, version }), 'code')).toMatch(/./);
  },
);

it('shows a request that waits instead of taking another', async () => {
  const browser = entra.browser();
  await (await ask({ browser })).submit({ reason: 'first' });
  expect((await ask({ browser })).html).toContain('<h1>Request sent</h1>');
  expect(requests()).toHaveLength(1);
});

it.each([
  ['', 'Enter a justification for your request.'],
  ['  ', 'Enter a justification for your request.'],
  [`<i>${'x'.repeat(500)}`, 'The justification has more than 500 characters.'],
])('wants a justification: %o', async (reason, problem) => {
  const page = await (await ask()).submit({ reason });
  expect(page.html).toContain(problem);
  expect(page.html).not.toContain('<i>');
  expect(requests()).toEqual([]);
});

it('takes no second answer of the same page', async () => {
  const page = await ask();
  await page.submit({ reason: 'once' });
  expect((await page.submit({ reason: 'twice' })).html).toContain('<h1>Request sent</h1>');
  expect(requests().map(({ reason }) => reason)).toEqual(['once']);
});

it('goes back to the app without a request', async () => {
  const back = await (await ask()).submit({}, 'idBtn_Back');
  expect(sentParameter(back, 'error_description')).toContain('AADSTS90095');
  expect(requests()).toEqual([]);
});

it('shows administrators the consent page, and nobody a form where the tenant takes no requests', async () => {
  expect(hasElement(await ask({ user: seededUsers.administrator }), 'orgConsent')).toBe(true);
  setTenantPolicy(entra.context.directory, entra.tenant.id, { adminConsentRequests: 'off' });
  const page = await ask();
  expect(page.html).toContain('Need admin approval');
  const forged = await page.submit({ step: 'request', reason: 'please' });
  expect(forged.html).toContain('Need admin approval');
  expect(requests()).toEqual([]);
});

it('shows no form to who should consent for everybody', async () => {
  const page = await ask({ version: 1 }, { prompt: 'admin_consent' });
  expect(page.html).toContain('Need admin approval');
});

it('answers prompt=none by the missing consent', async () => {
  const browser = entra.browser();
  await ask({ browser });
  const shown = await ask({ browser }, { prompt: 'none' });
  expect(sentParameter(shown, 'error')).toBe('consent_required');
});

it('takes requests for devices, too', async () => {
  const { json } = await entra.post('/oauth2/v2.0/devicecode', { client_id: app.clientId, scope: crmScope });
  const browser = entra.browser();
  const typed = await (await browser.open('/common/oauth2/deviceauth')).submit({
    otc: String(json.user_code),
  });
  const confirm = await signIn(typed, seededUsers.salesperson);
  const page = await confirm.submit();
  expect(page.html).toContain('<h1>Approval required</h1>');
  expect((await page.submit({ reason: 'A device' })).html).toContain('<h1>Request sent</h1>');
  expect(requests()).toMatchObject([{ reason: 'A device' }]);
});
