import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LocalCloud, startLocalCloud } from '@latchkey/cloud';
import { signIn } from '@latchkey/cloud/playwright';
import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';

const clientId = '7a1c0000-0000-4000-8000-0000000000b1';
const deviceClientId = '7a1c0000-0000-4000-8000-0000000000b2';
const strictClientId = '7a1c0000-0000-4000-8000-0000000000b3';
const password = 'Enchantress1';
const person = (name: string, conditions = {}) => ({
  userPrincipalName: `${name}@fabrikam.onmicrosoft.com`,
  displayName: `Person ${name}`,
  password,
  conditions,
});

let app: Server;
let cloud: LocalCloud;
let browser: Browser;
let page: Page;

/** An app whose callback shows what came. */
beforeAll(async () => {
  app = createServer((request, response) => response.end(`<h1>${request.url?.replaceAll('<', '')}</h1>`));
  await new Promise<void>((resolve) => {
    app.listen(0, 'localhost', resolve);
  });
  cloud = await startLocalCloud({
    seed: {
      tenants: [
        {
          displayName: 'Fabrikam',
          domains: ['fabrikam.onmicrosoft.com'],
          policy: { staySignedIn: 'asked' },
          users: [
            person('ada'),
            person('grace'),
            person('code', { secondFactor: 'required', oneTimeCode: '424242' }),
            person('old', { password: 'expired' }),
            { ...person('boss'), directoryRoles: ['Global Administrator'] },
            { userPrincipalName: 'usual@fabrikam.onmicrosoft.com' },
          ],
          applications: [
            {
              displayName: 'Web shop',
              appId: clientId,
              redirectUris: { web: [callback()] },
              manifest: {
                web: { redirectUris: [callback()], implicitGrantSettings: { enableIdTokenIssuance: true } },
              },
              permissions: [{ api: 'Microsoft Graph', delegated: ['User.Read'] }],
            },
            { displayName: 'Command line', appId: deviceClientId, publicClientFlows: true },
          ],
        },
        {
          displayName: 'Strict',
          domains: ['strict.onmicrosoft.com'],
          policy: { userConsent: 'off', adminConsentRequests: 'on' },
          users: [{ userPrincipalName: 'eve@strict.onmicrosoft.com' }],
          applications: [{ displayName: 'Shop', appId: strictClientId, redirectUris: { web: [callback()] } }],
        },
      ],
    },
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await cloud.close();
  app.closeAllConnections();
  app.close();
});

beforeEach(async () => {
  page = await openPage(browser);
});

afterEach(() => page.context().close());

const callback = () => `http://localhost:${(app.address() as AddressInfo).port}/callback`;

function authorizeAddress(
  parameters: Record<string, string> = {},
  tenant = 'fabrikam.onmicrosoft.com',
): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: callback(),
    scope: 'openid https://graph.microsoft.com/User.Read',
    state: 'a-state',
    ...parameters,
  });
  return `${cloud.entra.http}/${tenant}/oauth2/v2.0/authorize?${query.toString()}`;
}

const named = (name: string) => ({ userPrincipalName: `${name}@fabrikam.onmicrosoft.com`, password });
const lastRecord = () => cloud.signIns.list().find(({ user }) => user !== null);

it('goes by name, password, "Stay signed in?" and consent to the app', async () => {
  await page.goto(authorizeAddress());
  await signIn(page, named('ada'));
  expect(page.url()).toContain('/callback?code=');
});

it('gives the one-time code', async () => {
  await page.goto(authorizeAddress());
  await signIn(page, { ...named('code'), oneTimeCode: '424242' }, { staySignedIn: false });
  expect(page.url()).toContain('/callback?code=');
});

it('changes a password that has expired', async () => {
  await page.goto(authorizeAddress());
  await signIn(page, { ...named('old'), newPassword: 'Enchantress2' });
  expect(page.url()).toContain('/callback?code=');
});

it('takes the tile of who is signed in, and another account for anybody else', async () => {
  await page.goto(authorizeAddress());
  await signIn(page, named('ada'));
  for (const name of ['ada', 'grace']) {
    await page.goto(authorizeAddress({ prompt: 'select_account' }));
    await signIn(page, named(name));
    expect(page.url()).toContain('/callback?code=');
  }
  const hint = 'grace@fabrikam.onmicrosoft.com';
  await page.goto(authorizeAddress({ prompt: 'login', login_hint: hint }));
  await signIn(page, named('ada'));
  expect(page.url()).toContain('/callback?code=');
  expect(JSON.stringify(lastRecord())).toContain('ada@fabrikam.onmicrosoft.com');
});

it('lets a device in', async () => {
  const answer = await fetch(`${cloud.entra.http}/fabrikam.onmicrosoft.com/oauth2/v2.0/devicecode`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: deviceClientId, scope: 'https://graph.microsoft.com/User.Read' }),
  });
  const device = (await answer.json()) as { user_code: string; verification_uri: string };
  await page.goto(device.verification_uri);
  await page.locator('#otc').fill(device.user_code);
  await page.locator('#idSIButton9').click();
  await page.locator('#i0116').waitFor();
  await signIn(page, 'usual@fabrikam.onmicrosoft.com');
  expect(await page.locator('#message').innerText()).toContain('You have signed in to the Command line');
});

it('says that an administrator has to approve the app', async () => {
  await page.goto(authorizeAddress({ client_id: strictClientId }, 'strict.onmicrosoft.com'));
  await expect(signIn(page, 'eve@strict.onmicrosoft.com')).rejects.toThrow('Approval required');
  await signIn(page, 'eve@strict.onmicrosoft.com', { consent: 'cancel' });
  expect(page.url()).toContain('/callback?error=');
});

it('passes a page that only sends the answer on', async () => {
  await page.goto(
    authorizeAddress({ response_mode: 'form_post', response_type: 'code id_token', nonce: 'a-nonce' }),
  );
  await signIn(page, named('ada'));
  expect(page.url()).toBe(callback());
});

it('ends with the window that it closes', async () => {
  await page.goto(`http://localhost:${(app.address() as AddressInfo).port}/`);
  const opening = page.waitForEvent('popup');
  await page.evaluate(`void window.open(${JSON.stringify(authorizeAddress())})`);
  const popup = await opening;
  await popup.route('**/callback*', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<script>window.close()</script>' }),
  );
  await signIn(popup, named('ada'));
  expect(page.isClosed()).toBe(false);
});

it('answers consent as it is told', async () => {
  await page.goto(authorizeAddress({ prompt: 'consent' }));
  await signIn(page, named('grace'), { consent: 'cancel' });
  expect(page.url()).toContain('error=access_denied');
  await page.goto(authorizeAddress({ prompt: 'consent' }));
  await page.context().clearCookies();
  await page.goto(authorizeAddress({ prompt: 'consent' }));
  await signIn(page, named('boss'), { consent: 'accept_for_organization' });
  const applications = cloud.state.exportSeed().tenants?.flatMap((tenant) => tenant.applications ?? []);
  expect(applications?.find(({ appId }) => appId === clientId)?.grants).toContainEqual({
    api: '00000003-0000-0000-c000-000000000000',
    scopes: expect.arrayContaining(['User.Read']),
  });
});

it.each([
  [
    'a wrong password',
    { ...named('grace'), password: 'Wrong1234' },
    {},
    'Your account or password is incorrect',
  ],
  ['nobody', named('nobody'), {}, 'This username may be incorrect'],
  [
    'an app that is not there',
    named('grace'),
    { redirect_uri: 'http://localhost:1/elsewhere' },
    'AADSTS50011',
  ],
])('says what the page says of %s', async (_what, user, parameters, words) => {
  await page.goto(authorizeAddress(parameters));
  await expect(signIn(page, user)).rejects.toThrow(words);
});
