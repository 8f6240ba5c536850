import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import {
  createMovableClock,
  type LocalCloud,
  seededPassword,
  seededUsers,
  startLocalCloud,
} from '@latchkey/cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from './support/free-ports.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openRedirectTarget, type RedirectTarget } from './support/open-redirect-target.ts';
import { createGraphCaller, type RegisteredApp, registerApp } from './support/register-app.ts';
import { acceptPermissionsOnce, signInInBrowser } from './support/sign-in-in-browser.ts';
import { type RunningProgram, startProgram } from './support/start-program.ts';

const person = { userName: seededUsers.salesperson, password: seededPassword };
const twoHours = 7_200_000;
const programs = new URL('./support/programs/', import.meta.url);
const otherTenant = 'fabrikam.onmicrosoft.com';
const fabrikam = {
  displayName: 'Fabrikam',
  domains: [otherTenant],
  users: [
    {
      displayName: 'Ada Lovelace',
      userPrincipalName: `ada@${otherTenant}`,
      password: seededPassword,
      directoryRoles: ['Global Administrator' as const],
    },
  ],
};

const clock = createMovableClock();
let folder: string;
let cloud: LocalCloud;
let redirectTarget: RedirectTarget;
const running: RunningProgram[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-passport-'));
  cloud = await startLocalCloud({ dataFolder: folder, clock, seed: { tenants: [fabrikam] } });
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
  redirectTarget = await openRedirectTarget();
});
afterAll(async () => {
  for (const program of running) await program.stop();
  redirectTarget.close();
  await cloud.close();
  await rm(folder, { recursive: true });
});

async function start(name: string, environment: Record<string, string>): Promise<string> {
  const program = await startProgram(new URL(name, programs), {
    NODE_EXTRA_CA_CERTS: cloud.caCertificateFile ?? '',
    ...environment,
  });
  running.push(program);
  return program.url;
}

function metadataOf(version: 1 | 2, tenantId: string): string {
  const authority = `${cloud.entra.https}/${tenantId}${version === 1 ? '' : '/v2.0'}`;
  return `${authority}/.well-known/openid-configuration`;
}

describe.each([1, 2] as const)('an API with the BearerStrategy that takes tokens of v%i', (version) => {
  let app: RegisteredApp;
  let identifier: string;
  let otherIdentifier: string;
  let endedToken: string;
  let url: string;

  beforeAll(async () => {
    // The library goes by the machine's clock: what is to be over for it was issued in the past.
    clock.advance(-twoHours);
    app = await registerApi();
    identifier = `api://${app.clientId}`;
    otherIdentifier = `api://${(await registerApi()).clientId}`;
    endedToken = await requestToken();
    clock.advance(twoHours);
    url = await start('serve-api.mjs', {
      METADATA: metadataOf(version, app.tenantId),
      CLIENT_ID: app.clientId,
      AUDIENCE: version === 1 ? identifier : app.clientId,
    });
  });

  async function registerApi(): Promise<RegisteredApp> {
    const api = await registerApp(cloud, {
      redirectUris: [redirectTarget.redirectUri],
      application: { signInAudience: 'AzureADMultipleOrgs', api: { requestedAccessTokenVersion: version } },
    });
    const graph = await createGraphCaller(cloud);
    const identifierUris = [`api://${api.clientId}`];
    await graph('PATCH', `/applications/${api.objectId}`, { identifierUris });
    return api;
  }

  async function requestToken({ tenant = app.tenantId, resource = identifier } = {}): Promise<string> {
    const response = await fetch(`${cloud.entra.https}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: app.clientId,
        client_secret: app.clientSecret,
        scope: `${resource}/.default`,
      }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    return token;
  }

  function call(token: string): Promise<Response> {
    return fetch(url, { headers: { authorization: `Bearer ${token}` } });
  }

  async function reasonOf(response: Response): Promise<string | null> {
    expect(response.status).toBe(401);
    return response.headers.get('www-authenticate');
  }

  it('lets a token for it in', async () => {
    const answer = await call(await requestToken());
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ ver: `${version}.0`, tid: app.tenantId }),
    ]);
  });

  it('refuses a token for another API', async () => {
    const answer = await call(await requestToken({ resource: otherIdentifier }));
    expect(await reasonOf(answer)).toContain('jwt audience is invalid');
  });

  it('refuses a token of another tenant', async () => {
    const { redirectUri } = redirectTarget;
    const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: redirectUri }).toString();
    await signInOnPages(createPageBrowser(), {
      link: `${cloud.entra.https}/${otherTenant}/adminconsent?${query}`,
      userName: `ada@${otherTenant}`,
      password: seededPassword,
    });
    const answer = await call(await requestToken({ tenant: otherTenant }));
    expect(await reasonOf(answer)).toContain('jwt issuer is invalid');
  });

  it('refuses a token that has ended', async () => {
    expect(await reasonOf(await call(endedToken))).toContain('jwt is expired');
  });

  it('refuses a token whose claims were changed', async () => {
    const [head, , signature] = (await requestToken()).split('.');
    const claims = Buffer.from(JSON.stringify({ aud: identifier })).toString('base64url');
    expect(await reasonOf(await call(`${head}.${claims}.${signature}`))).toContain('invalid signature');
  });
});

describe('a web app with the OIDCStrategy', () => {
  interface Setting {
    version: 1 | 2;
    type: 'code' | 'code id_token' | 'id_token';
    mode: 'query' | 'form_post';
    api?: 'crm';
  }

  async function serveWebApp({ version, type, mode, api }: Setting): Promise<string> {
    const port = await findFreePort();
    const app = await registerApp(cloud, {
      application: {
        web: {
          redirectUris: [`http://localhost:${port}/signin-oidc`],
          implicitGrantSettings: { enableIdTokenIssuance: true },
        },
      },
    });
    const crm = cloud.crm.https;
    return start('serve-web-app.mjs', {
      METADATA: metadataOf(version, app.tenantId),
      PORT: String(port),
      CLIENT_ID: app.clientId,
      CLIENT_SECRET: app.clientSecret,
      RESPONSE_TYPE: type,
      RESPONSE_MODE: mode,
      SCOPE: `profile${api && version === 2 ? ` ${crm}/user_impersonation` : ''}`,
      RESOURCE: api && version === 1 ? crm : '',
    });
  }

  it.each<Setting>([
    { version: 2, type: 'code', mode: 'query', api: 'crm' },
    { version: 2, type: 'code id_token', mode: 'form_post' },
    { version: 2, type: 'id_token', mode: 'form_post' },
    { version: 1, type: 'code', mode: 'query', api: 'crm' },
    // v1 without a resource: the library then reads the userinfo endpoint.
    { version: 1, type: 'code', mode: 'query' },
    { version: 1, type: 'code id_token', mode: 'form_post' },
  ])('signs a person in by v$version with $type and $mode (API: $api)', async (setting) => {
    const link = await serveWebApp(setting);
    const { document } = await signInOnPages(createPageBrowser(), { link, ...person });
    const shown: { failure?: string; name?: string; accessToken?: string } = JSON.parse(document.text);
    expect(shown).toMatchObject({ name: 'Alex Wilber' });
    expect(shown.failure).toBeUndefined();
    if (setting.api === undefined) return;
    const headers = { authorization: `Bearer ${shown.accessToken}` };
    expect((await fetch(`${cloud.crm.https}/api/data/v9.2/WhoAmI`, { headers })).status).toBe(200);
  });

  it('signs a person in in a browser', async () => {
    const link = await serveWebApp({ version: 2, type: 'code id_token', mode: 'form_post' });
    const browser = await launchBrowser();
    try {
      // The browser does not know the local authority.
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      await page.goto(link);
      await signInInBrowser(page, person.userName);
      const shown = page.getByText('"name":"Alex Wilber"');
      await acceptPermissionsOnce(page, shown);
      expect(await shown.textContent()).not.toContain('failure');
    } finally {
      await browser.close();
    }
  });
});
