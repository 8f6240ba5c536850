import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import {
  type AuthError,
  CryptoProvider,
  InteractionRequiredAuthError,
  PublicClientApplication,
  ServerError,
} from '@azure/msal-node';
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import {
  createMovableClock,
  type LocalCloud,
  seededPassword,
  seededUsers,
  startLocalCloud,
} from '@latchkey/cloud';
import type { Browser } from '@playwright/test';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { atALaterTime } from './support/at-a-later-time.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { seededApps, seedForMsalNode } from './support/msal-node-seed.ts';
import { openRedirectTarget } from './support/open-redirect-target.ts';
import { signInInBrowser } from './support/sign-in-in-browser.ts';

const domain = 'contoso.onmicrosoft.com';
const desktop = seededApps.desktop.appId;
const withoutConsent = '5fa00000-0000-4000-8000-000000000014';
const confidential = seededApps.web.appId;
const { salesperson } = seededUsers;
const millisecondsPerHour = 3_600_000;
const millisecondsPerDay = 24 * millisecondsPerHour;

const clock = createMovableClock();
let cloud: LocalCloud;
let browser: Browser;
let scopes: string[];

beforeAll(async () => {
  [cloud, browser] = await Promise.all([
    startLocalCloud({
      clock,
      seed: seedForMsalNode(
        [
          { userPrincipalName: `second-factor@${domain}`, conditions: { secondFactor: 'required' } },
          { userPrincipalName: `not-enrolled@${domain}`, conditions: { secondFactor: 'unregistered' } },
          { userPrincipalName: `blocked@${domain}`, conditions: { blockedBy: 'conditional_access' } },
          { userPrincipalName: `expired@${domain}`, conditions: { password: 'expired' } },
          { userPrincipalName: `disabled@${domain}`, enabled: false },
          { userPrincipalName: `locked@${domain}`, conditions: { isLocked: true } },
        ],
        [{ displayName: 'Without consent', appId: withoutConsent, publicClientFlows: true }],
      ),
    }),
    launchBrowser(),
  ]);
  // Does for an authority that was made a moment ago what NODE_EXTRA_CA_CERTS does at the start; msal is unchanged.
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
  scopes = [`${cloud.crm.https}/user_impersonation`];
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  await browser?.close();
  await cloud?.close();
});

function createClient({ clientId = desktop, tenant = domain }: { clientId?: string; tenant?: string } = {}) {
  const { https } = cloud.entra;
  return new PublicClientApplication({
    auth: { clientId, authority: `${https}/${tenant}`, knownAuthorities: [new URL(https).host] },
  });
}

/** Signs the salesperson in by their password, as scripts do that have no page. */
async function signInByPassword(client: PublicClientApplication) {
  const tokens = await client.acquireTokenByUsernamePassword({
    scopes,
    username: salesperson,
    password: seededPassword,
  });
  if (!tokens?.account) throw new Error('msal tells no account.');
  return { ...tokens, account: tokens.account };
}

async function callWhoAmI(accessToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${cloud.crm.https}/api/data/v9.2/WhoAmI`, { headers })).status;
}

/** What the library throws. */
async function errorOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => undefined,
    (error: unknown) => error,
  );
}

it('signs a person in by authorization code with PKCE, without a secret', async () => {
  const redirectTarget = await openRedirectTarget();
  try {
    const client = createClient();
    const { redirectUri } = redirectTarget;
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const link = await client.getAuthCodeUrl({
      scopes,
      redirectUri,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
    });
    const { url } = await signInOnPages(createPageBrowser(), {
      link,
      userName: salesperson,
      password: seededPassword,
    });
    const code = url.searchParams.get('code') ?? '';
    const request = { scopes, redirectUri, code };
    const tokens = await client.acquireTokenByCode({ ...request, codeVerifier: verifier });
    expect(tokens.account?.username).toBe(salesperson);
    expect(await callWhoAmI(tokens.accessToken)).toBe(200);
    expect(await errorOf(client.acquireTokenByCode({ ...request, codeVerifier: verifier }))).toMatchObject({
      name: 'ServerError',
      errorCode: 'invalid_grant',
      errorNo: 54005,
    });
  } finally {
    redirectTarget.close();
  }
});

it('signs a person in interactively, by the system’s browser and a loopback address', async () => {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  const tokens = await createClient().acquireTokenInteractive({
    scopes,
    openBrowser: async (url) => {
      await page.goto(url);
      await signInInBrowser(page, salesperson);
    },
  });
  expect(tokens.account?.username).toBe(salesperson);
  expect(await callWhoAmI(tokens.accessToken)).toBe(200);
  await page.getByText('Auth code was successfully acquired').waitFor();
});

it('tells an interactive sign-in that was cancelled', async () => {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  const asked = createClient({ clientId: desktop }).acquireTokenInteractive({
    scopes: ['User.ReadBasic.All'],
    openBrowser: async (url) => {
      await page.goto(url);
      await signInInBrowser(page, salesperson);
      await page.getByRole('button', { name: 'Cancel' }).click();
    },
  });
  const error = await errorOf(asked);
  expect(error).toBeInstanceOf(ServerError);
  expect(error).toMatchObject({
    errorCode: 'access_denied',
    errorMessage: expect.stringContaining('AADSTS65004'),
  });
});

it('takes a token from its cache until it ends, then uses the refresh token', async () => {
  const client = createClient();
  const { account, accessToken } = await signInByPassword(client);
  expect(await callWhoAmI(accessToken)).toBe(200);
  const request = { scopes, account };
  expect(await client.acquireTokenSilent(request)).toMatchObject({ fromCache: true, accessToken });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * millisecondsPerHour });
  const refreshed = await client.acquireTokenSilent(request);
  expect(refreshed.fromCache).toBe(false);
  expect(refreshed.accessToken).not.toBe(accessToken);
  expect(await callWhoAmI(refreshed.accessToken)).toBe(200);
});

it('goes on in another process from its serialised cache', async () => {
  const client = createClient();
  const { accessToken } = await signInByPassword(client);
  const kept = client.getTokenCache().serialize();

  const next = createClient();
  next.getTokenCache().deserialize(kept);
  const [account] = await next.getTokenCache().getAllAccounts();
  if (!account) throw new Error('The cache tells no account.');
  expect(account.username).toBe(salesperson);
  expect(await next.acquireTokenSilent({ scopes, account })).toMatchObject({ fromCache: true, accessToken });
  expect(await next.acquireTokenSilent({ scopes, account, forceRefresh: true })).toMatchObject({
    fromCache: false,
  });
});

it('takes the sign-in service’s own discovery documents in place of known authorities', async () => {
  const { https } = cloud.entra;
  const authority = `${https}/${domain}`;
  const discover = new URL(`${https}/common/discovery/instance`);
  discover.search = new URLSearchParams({
    'api-version': '1.1',
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
  }).toString();
  const cloudDiscoveryMetadata = await (await fetch(discover)).text();
  const authorityMetadata = await (await fetch(`${authority}/v2.0/.well-known/openid-configuration`)).text();
  const client = new PublicClientApplication({
    auth: { clientId: desktop, authority, cloudDiscoveryMetadata, authorityMetadata },
  });
  const { accessToken } = await signInByPassword(client);
  expect(await callWhoAmI(accessToken)).toBe(200);
});

it.each<[string, string, number]>([
  [`second-factor@${domain}`, 'basic_action', 50076],
  [`not-enrolled@${domain}`, 'basic_action', 50079],
  [`blocked@${domain}`, 'message_only', 53003],
  [`expired@${domain}`, 'user_password_expired', 50055],
])('asks for interaction with %s: %s', async (username, subError, code) => {
  const error = await errorOf(
    createClient().acquireTokenByUsernamePassword({ scopes, username, password: seededPassword }),
  );
  expect(error).toBeInstanceOf(InteractionRequiredAuthError);
  expect(error).toMatchObject({ errorCode: 'invalid_grant', subError, errorNo: code });
});

it('hands over the claims that a sign-in has to meet', async () => {
  const error = await errorOf(
    createClient().acquireTokenByUsernamePassword({
      scopes,
      username: `second-factor@${domain}`,
      password: seededPassword,
    }),
  );
  expect(error).toMatchObject({ claims: expect.stringContaining('capolids') });
});

it('asks for interaction where consent is missing', async () => {
  const error = await errorOf(signInByPassword(createClient({ clientId: withoutConsent })));
  expect(error).toBeInstanceOf(InteractionRequiredAuthError);
  expect(error).toMatchObject({ subError: 'consent_required', errorNo: 65001 });
});

it('asks for interaction once a refresh token was idle for 90 days', async () => {
  const client = createClient();
  const { account } = await signInByPassword(client);
  const error = await atALaterTime(clock, 91 * millisecondsPerDay, () =>
    errorOf(client.acquireTokenSilent({ scopes, account, forceRefresh: true })),
  );
  expect(error).toBeInstanceOf(InteractionRequiredAuthError);
  expect(error).toMatchObject({ errorCode: 'invalid_grant', subError: 'bad_token', errorNo: 700082 });
});

it.each<[string, object, string, number]>([
  ['a wrong password', { password: 'wrong' }, 'invalid_grant', 50126],
  ['an unknown person', { username: `nobody@${domain}` }, 'invalid_grant', 50034],
  ['a disabled account', { username: `disabled@${domain}` }, 'invalid_grant', 50057],
  ['a locked account', { username: `locked@${domain}` }, 'invalid_grant', 50053],
  ['an unknown API', { scopes: ['https://nosuch.crm4.dynamics.com/.default'] }, 'invalid_resource', 500011],
  [
    'two APIs at once',
    { scopes: ['https://contoso.crm4.dynamics.com/.default', 'User.Read'] },
    'invalid_scope',
    700022,
  ],
])('tells %s as a ServerError', async (_what, changes, errorCode, errorNo) => {
  const request = { scopes, username: salesperson, password: seededPassword, ...changes };
  const error = await errorOf(createClient().acquireTokenByUsernamePassword(request));
  expect(error).toBeInstanceOf(ServerError);
  expect(error).toMatchObject({
    errorCode,
    errorNo,
    errorMessage: expect.stringContaining(`AADSTS${errorNo}`),
  });
});

it.each<[string, Parameters<typeof createClient>[0], Partial<AuthError> & { errorNo?: number }]>([
  [
    'an unknown app',
    { clientId: '5fa00000-0000-4000-8000-0000000000ff' },
    { errorCode: 'unauthorized_client', errorNo: 700016 },
  ],
  [
    'an app that needs a secret',
    { clientId: confidential },
    { errorCode: 'invalid_client', errorNo: 7000218 },
  ],
  ['the tenant common', { tenant: 'common' }, { errorCode: 'invalid_request', errorNo: 9001023 }],
  [
    'a single-tenant app at organizations',
    { tenant: 'organizations' },
    { errorCode: 'invalid_request', errorNo: 50194 },
  ],
  ['an unknown tenant', { tenant: 'nosuch.onmicrosoft.com' }, { errorCode: 'endpoints_resolution_error' }],
])('tells %s', async (_what, options, expected) => {
  expect(await errorOf(signInByPassword(createClient(options)))).toMatchObject(expected);
});
