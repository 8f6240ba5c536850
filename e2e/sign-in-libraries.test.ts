import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createPageBrowser, type Page, type PageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { type LocalCloud, seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from './support/free-ports.ts';
import { type RegisteredApp, registerApp } from './support/register-app.ts';
import { type RunningProgram, startProgram } from './support/start-program.ts';

/** What a program shows at the end of a sign-in. */
interface Shown {
  failure?: string;
  name?: string;
  email?: string;
  lifetime?: number;
  refreshed?: boolean;
}

interface Library {
  name: string;
  program: string;
  /** What it shows beyond who the person is. */
  further?: Shown;
  /** What it tells of a wrong secret, where that is not the code. */
  wrongSecret?: string;
}

const programs = new URL('./support/programs/', import.meta.url);
const lifetime = expect.toSatisfy((seconds: number) => seconds > 3000);
const libraries: Library[] = [
  { name: 'passport-microsoft', program: 'serve-with-passport-microsoft.mjs' },
  // Its log keeps of the answer no more than this.
  {
    name: '@auth/express',
    program: 'serve-with-auth-express.mjs',
    wrongSecret: 'returned an error: invalid_client',
  },
  { name: 'grant', program: 'serve-with-grant.mjs', further: { lifetime } },
  { name: 'arctic', program: 'serve-with-arctic.mjs', further: { lifetime, refreshed: true } },
  { name: 'simple-oauth2', program: 'serve-with-simple-oauth2.mjs', further: { lifetime, refreshed: true } },
  {
    name: '@fastify/oauth2',
    program: 'serve-with-fastify-oauth2.mjs',
    further: { lifetime, refreshed: true },
  },
];
/** Of a loopback address the port does not count. */
const redirectUris = [
  'http://localhost/callback',
  'http://localhost/auth/callback/microsoft-entra-id',
  'http://localhost/connect/microsoft/callback',
];

const alex = { name: 'Alex Wilber', email: seededUsers.salesperson };

let folder: string;
let cloud: LocalCloud;
let app: RegisteredApp;
let forgetProxy: () => void;
const running: RunningProgram[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-libraries-'));
  cloud = await startLocalCloud({ dataFolder: folder });
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
  forgetProxy = http.setGlobalProxyFromEnv({ https_proxy: cloud.proxy, no_proxy: 'localhost,127.0.0.1' });
  app = await registerApp(cloud, {
    redirectUris,
    application: { signInAudience: 'AzureADMultipleOrgs' },
  });
});
afterAll(async () => {
  for (const program of running) await program.stop();
  forgetProxy?.();
  await cloud?.close();
  await rm(folder, { recursive: true });
});

/** Starts a program as `latchkey cloud env` lets it reach Microsoft's names. @returns where people sign in */
async function start(
  program: string,
  { tenant = app.tenantId, clientId = app.clientId, clientSecret = app.clientSecret } = {},
): Promise<string> {
  const started = await startProgram(new URL(program, programs), {
    HTTPS_PROXY: cloud.proxy,
    NODE_EXTRA_CA_CERTS: cloud.caCertificateFile ?? '',
    NODE_USE_ENV_PROXY: '1',
    PORT: String(await findFreePort()),
    TENANT: tenant,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
  });
  running.push(started);
  return started.url;
}

/** Goes where the program sends the person, through its own sign-in page where it has one, to what it shows. */
async function signIn(
  url: string,
  { browser = createPageBrowser(), userName = alex.email }: { browser?: PageBrowser; userName?: string } = {},
): Promise<Shown> {
  const first = await browser.open(url);
  const isOfProgram = first.url.hostname === 'localhost';
  const { href: link } = isOfProgram ? (await browser.submit(first, {})).url : first.url;
  const last = await signInOnPages(browser, { link, userName, password: seededPassword });
  const origin = new URL(url).origin;
  const shown = last.url.pathname.startsWith('/auth/') ? await browser.open(`${origin}/`) : last;
  return JSON.parse(shown.document.text);
}

/** A browser whose person cancels where the app asks for permissions. */
function createDecliningBrowser(): PageBrowser {
  const browser = createPageBrowser();
  const asksConsent = ({ document }: Page) => document.text.includes('Permissions requested');
  return {
    ...browser,
    submit: (page, fields, button) => browser.submit(page, fields, asksConsent(page) ? 'idBtn_Back' : button),
  };
}

describe.each(libraries)('$name', ({ program, further, wrongSecret = 'AADSTS7000215' }) => {
  it.each(['common', 'the tenant'])('signs a person in at %s', async (authority) => {
    const settings = authority === 'common' ? { tenant: authority } : {};
    const shown = await signIn(await start(program, settings));
    expect(shown.failure).toBeUndefined();
    expect(shown).toMatchObject({ ...alex, ...further });
  });

  it('tells that the person declined', async () => {
    const { failure } = await signIn(await start(program), {
      browser: createDecliningBrowser(),
      userName: seededUsers.withoutLicence,
    });
    expect(failure).toContain('AADSTS65004');
  });

  it('tells that the secret is a wrong one', async () => {
    const { failure } = await signIn(await start(program, { clientSecret: 'wrong~secret' }));
    expect(failure).toContain(wrongSecret);
  });
});

it('lets arctic be a public client, which sends an Origin', async () => {
  const { clientId } = await registerApp(cloud, {
    application: { spa: { redirectUris: redirectUris.slice(0, 1) } },
  });
  const shown = await signIn(await start('serve-with-arctic.mjs', { clientId, clientSecret: '' }));
  expect(shown).toEqual({ ...alex, lifetime, refreshed: true });
});
