import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import {
  ConfidentialClientApplication,
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
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approveDeviceCode } from './support/approve-device-code.ts';
import { atALaterTime } from './support/at-a-later-time.ts';
import { fetchTokens } from './support/fetch-tokens.ts';
import { openRedirectTarget, type RedirectTarget } from './support/open-redirect-target.ts';
import { createGraphCaller, type RegisteredApp, registerApp } from './support/register-app.ts';

const salesperson = { userName: seededUsers.salesperson, password: seededPassword };
const wrongSecret = 'wrong~secret.wrong~secret.wrong~secret.1';
const millisecondsPerDay = 86_400_000;

const clock = createMovableClock();
let cloud: LocalCloud;
let redirectTarget: RedirectTarget;
let app: RegisteredApp;
let scopes: string[];

beforeAll(async () => {
  cloud = await startLocalCloud({ clock });
  // Does for an authority that was made a moment ago what NODE_EXTRA_CA_CERTS does at the start; msal is unchanged.
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
  redirectTarget = await openRedirectTarget();
  app = await registerApp(cloud, { redirectUris: [redirectTarget.redirectUri] });
  scopes = [`${cloud.crm.https}/user_impersonation`];
});
afterAll(async () => {
  redirectTarget.close();
  await cloud.close();
});

function authOf({ tenantId, clientId }: RegisteredApp) {
  const { https } = cloud.entra;
  return { clientId, authority: `${https}/${tenantId}`, knownAuthorities: [new URL(https).host] };
}

function createClient(registered: RegisteredApp, clientSecret = registered.clientSecret) {
  return new ConfidentialClientApplication({ auth: { ...authOf(registered), clientSecret } });
}

/** Authorization code with PKCE, through the sign-in pages. */
async function signIn(client: ConfidentialClientApplication, person = createPageBrowser()) {
  const { redirectUri } = redirectTarget;
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const link = await client.getAuthCodeUrl({
    scopes,
    redirectUri,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
  });
  const { url } = await signInOnPages(person, { link, ...salesperson });
  const code = url.searchParams.get('code') ?? '';
  return client.acquireTokenByCode({ scopes, redirectUri, code, codeVerifier: verifier });
}

async function callWhoAmI(accessToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${cloud.crm.https}/api/data/v9.2/WhoAmI`, { headers })).status;
}

it('signs a person in by authorization code with PKCE, and refreshes silently', async () => {
  const client = createClient(app);
  const signedIn = await signIn(client);
  expect(signedIn.account?.username).toBe(seededUsers.salesperson);
  expect(signedIn.tenantId).toBe(app.tenantId);
  expect(signedIn.scopes).toEqual(scopes);
  expect(await callWhoAmI(signedIn.accessToken)).toBe(200);
  if (!signedIn.account) throw new Error('msal tells no account.');

  const { account } = signedIn;
  const cached = await client.acquireTokenSilent({ account, scopes });
  expect(cached).toMatchObject({ fromCache: true, accessToken: signedIn.accessToken });
  clock.advance(1000);
  const refreshed = await client.acquireTokenSilent({ account, scopes, forceRefresh: true });
  expect(refreshed.fromCache).toBe(false);
  expect(refreshed.accessToken).not.toBe(signedIn.accessToken);
  expect(await callWhoAmI(refreshed.accessToken)).toBe(200);
});

it('takes over the refresh token that a program got without it', async () => {
  const { app: known, refreshToken } = await fetchTokens(cloud);
  const client = createClient(known);
  const tokens = await client.acquireTokenByRefreshToken({ refreshToken, scopes, forceCache: true });
  expect(tokens?.account?.username).toBe(seededUsers.salesperson);
  expect(await callWhoAmI(tokens?.accessToken ?? '')).toBe(200);
  const [account] = await client.getTokenCache().getAllAccounts();
  if (!account) throw new Error('msal tells no account.');
  expect(await client.acquireTokenSilent({ account, scopes, forceRefresh: true })).toMatchObject({
    fromCache: false,
  });
});

it('signs out at the address that the discovery document tells, and comes back', async () => {
  const person = createPageBrowser();
  const { redirectUri } = redirectTarget;
  const client = createClient(app);
  const { account } = await signIn(client, person);
  const { https } = cloud.entra;
  const discovery = `${https}/${app.tenantId}/v2.0/.well-known/openid-configuration`;
  const { end_session_endpoint: endpoint } = (await (await fetch(discovery)).json()) as Record<
    string,
    string
  >;
  const signOut = new URL(endpoint ?? '');
  signOut.searchParams.set('post_logout_redirect_uri', redirectUri);
  // The library asks for this claim by itself; with it, nobody is asked who is to be signed out.
  signOut.searchParams.set('logout_hint', String(account?.idTokenClaims?.login_hint));
  expect((await person.open(signOut.href)).url.href).toBe(redirectUri);

  const link = await client.getAuthCodeUrl({ scopes, redirectUri });
  expect((await person.open(link)).url.origin).toBe(https);
});

it('gets an app a token of its own by client credentials', async () => {
  const token = await createClient(app).acquireTokenByClientCredential({
    scopes: [`${cloud.crm.https}/.default`],
  });
  // Nobody has made it a user of the environment: the token is good, the CRM knows no such user.
  expect(await callWhoAmI(token?.accessToken ?? '')).toBe(403);
});

it('signs a person in by device code', async () => {
  const graph = await createGraphCaller(cloud);
  const device = await registerApp(cloud);
  await graph('PATCH', `/applications/${device.objectId}`, { isFallbackPublicClient: true });
  const client = new PublicClientApplication({ auth: authOf(device) });
  const approvals: Promise<void>[] = [];
  const token = await client.acquireTokenByDeviceCode({
    scopes,
    deviceCodeCallback: ({ verificationUri, userCode }) => {
      approvals.push(approveDeviceCode({ address: verificationUri, userCode }, salesperson));
    },
  });
  await Promise.all(approvals);
  expect(token?.account?.username).toBe(seededUsers.salesperson);
  expect(await callWhoAmI(token?.accessToken ?? '')).toBe(200);
});

it('tells a wrong secret as a ServerError with 7000215', async () => {
  const asked = createClient(app, wrongSecret).acquireTokenByClientCredential({
    scopes: [`${cloud.crm.https}/.default`],
  });
  const error = await asked.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ServerError);
  expect(error).toMatchObject({
    errorCode: 'invalid_client',
    errorMessage: expect.stringContaining('AADSTS7000215'),
  });
});

it('tells an ended secret as a ServerError with 7000222', async () => {
  const shortLived = await registerApp(cloud, { secretEndsAt: new Date(clock.now() + millisecondsPerDay) });
  const asked = atALaterTime(clock, 2 * millisecondsPerDay, () =>
    createClient(shortLived).acquireTokenByClientCredential({ scopes: [`${cloud.crm.https}/.default`] }),
  );
  await expect(asked).rejects.toMatchObject({
    errorCode: 'invalid_client',
    errorMessage: expect.stringContaining('AADSTS7000222'),
  });
});

it('asks for interaction once the sessions were revoked', async () => {
  const client = createClient(app);
  const { account } = await signIn(client);
  if (!account) throw new Error('msal tells no account.');
  clock.advance(1000);
  cloud.revokeSignIns(seededUsers.salesperson);
  const asked = client.acquireTokenSilent({ account, scopes, forceRefresh: true });
  const error = await asked.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InteractionRequiredAuthError);
  expect(error).toMatchObject({
    errorCode: 'invalid_grant',
    errorMessage: expect.stringContaining('AADSTS50173'),
  });
});
