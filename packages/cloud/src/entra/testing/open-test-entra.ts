import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import Fastify, { type FastifyInstance } from 'fastify';
import { type Clock, createMovableClock, type MovableClock, systemClock } from '../../clock.ts';
import type { CloudContext } from '../../cloud-context.ts';
import { createCloudContext, type ServicesContext } from '../../create-cloud-context.ts';
import {
  type ApplicationDocument,
  emptyApplicationDocument,
  type RequiredResourceAccess,
} from '../../directory/application-document.ts';
import { type Application, createApplication } from '../../directory/applications.ts';
import { addClientSecret } from '../../directory/client-secrets.ts';
import { installApplication } from '../../directory/install-application.ts';
import { contosoDomain, seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import { causeFaults } from '../../faults/cause-faults.ts';
import { readJwt } from '../../jwt/read-jwt.ts';
import { type Random, systemRandom } from '../../random.ts';
import { presentEntraFault } from '../errors/present-fault.ts';
import { registerEntra } from '../register-entra.ts';
import { hasElement, openScriptedBrowser, type ScriptedBrowser, type Shown } from './scripted-browser.ts';

/** A local Entra ID in memory, driven by inject, with Contoso and its people. */
export interface TestEntra {
  app: FastifyInstance;
  context: ServicesContext;
  clock: MovableClock;
  tenant: Tenant;
  browser(): ScriptedBrowser;
  /** Sends a form to an endpoint below the tenant, `/oauth2/token`, or below another that the path names. */
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<TokenAnswer>;
  /** Registers an app in Contoso, with a secret, asking for the CRM's `user_impersonation`. */
  createApp(changes?: TestAppChanges): TestApp;
  close(): Promise<void>;
}

export interface TestApp {
  application: Application;
  clientId: string;
  secret: string;
}

interface TestAppChanges {
  displayName?: string;
  document?: Partial<ApplicationDocument>;
  /** Leaves out the service principal, as an application made through Graph has none. */
  isInstalled?: boolean;
}

export interface TokenAnswer {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  json: Record<string, unknown>;
}

export const testAddresses = {
  entra: { http: 'http://localhost:4481', https: 'https://localhost:4491' },
  graph: { http: 'http://localhost:4482', https: 'https://localhost:4492' },
  crm: { http: 'http://localhost:4483', https: 'https://localhost:4493' },
  portal: { http: 'http://localhost:4484', https: 'https://localhost:4494' },
  admin: { http: 'http://localhost:4486', https: 'https://localhost:4496' },
};
export const testRedirectUri = 'http://localhost:9999/callback';
export const crmOrigin = 'https://contoso.crm4.dynamics.com';
const namesTenant = /^\/(?:common|organizations|consumers|[\da-f-]{36}|[\w-]+(?:\.[\w-]+)+)\//i;
const yearMilliseconds = 31_536_000_000;

/** What the article's app lists: delegated `user_impersonation` of Dynamics CRM. */
export const crmAccess: RequiredResourceAccess = {
  resourceAppId: wellKnownIds.dynamicsCrm,
  resourceAccess: [{ id: wellKnownScopes.dynamicsCrm.user_impersonation.id, type: 'Scope' }],
};

/** @param base what the clock runs by; one that stands still lets a test meet a moment exactly */
export async function openTestEntra({
  file = ':memory:',
  base = systemClock,
  random = systemRandom,
}: {
  file?: string;
  base?: Clock;
  random?: Random;
} = {}): Promise<TestEntra> {
  const clock = createMovableClock(base);
  const context = await createCloudContext({ file, clock, random, addresses: testAddresses });
  const tenant = findTenant(context.directory, contosoDomain);
  if (!tenant) throw new Error('The seed has no tenant Contoso.');
  const app = Fastify({ logger: false, routerOptions: { caseSensitive: false, ignoreTrailingSlash: true } });
  causeFaults(app, {
    service: 'entra',
    hook: 'preHandler',
    faults: context.faults,
    presentFault: (status, request) => presentEntraFault(context, status, request),
  });
  await registerEntra(app, context);
  return {
    app,
    context,
    clock,
    tenant,
    browser: () => openScriptedBrowser(app),
    async post(path, form, headers = {}) {
      const answer = await app.inject({
        method: 'POST',
        url: namesTenant.test(path) ? path : `/${tenant.id}${path}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: new URLSearchParams(form).toString(),
      });
      return { status: answer.statusCode, headers: answer.headers, json: answer.json() };
    },
    createApp: (changes) => createTestApp(context, tenant, changes),
    async close() {
      await app.close();
      context.directory.close();
    },
  };
}

function createTestApp(
  { directory, random, clock }: CloudContext,
  tenant: Tenant,
  { displayName = 'Integration', document, isInstalled = true }: TestAppChanges = {},
): TestApp {
  const empty = emptyApplicationDocument(contosoDomain);
  const application: Application = {
    id: random.guid(),
    tenantId: tenant.id,
    appId: random.guid(),
    displayName,
    createdAt: clock.now(),
    deletedAt: null,
    document: {
      ...empty,
      signInAudience: 'AzureADMyOrg',
      requiredResourceAccess: [crmAccess],
      web: { ...empty.web, redirectUris: [testRedirectUri] },
      ...document,
    },
  };
  createApplication(directory, application);
  if (isInstalled) installApplication(directory, tenant.id, application);
  const { secretText } = addClientSecret(directory, application.id, {
    displayName: 'test',
    startAt: clock.now(),
    endAt: clock.now() + yearMilliseconds,
  });
  return { application, clientId: application.appId, secret: secretText };
}

/**
 * Signs in on the page that is shown (account picker, name or password), without staying signed in, as far as the page
 * after the password.
 */
export async function signIn(page: Shown, user: string = seededUsers.administrator): Promise<Shown> {
  const name = hasElement(page, 'otherTile') ? await page.submit({}, 'other') : page;
  const password = hasElement(name, 'i0118') ? name : await name.submit({ loginfmt: user });
  return leaveStaySignedIn(await password.submit({ loginfmt: user, passwd: seededPassword }));
}

/** Answers "Stay signed in?" with no, where it is asked. */
export async function leaveStaySignedIn(page: Shown): Promise<Shown> {
  return hasElement(page, 'KmsiCheckboxField') ? page.submit({}, 'idBtn_Back') : page;
}

/** Presses a button of an account in the account picker. */
export function pressTile(
  page: Shown,
  user: string,
  wanted: 'account' | 'signout' | 'forget' = 'account',
): Promise<Shown> {
  const [, button] =
    new RegExp(`data-test-id="${user}"[\\s\\S]*?value="(${wanted}:[^"]+)"`).exec(page.html) ?? [];
  if (button === undefined) throw new Error(`The page offers no ${wanted} of ${user}:\n${page.html}`);
  return page.submit({}, button);
}

/** The accounts that the picker offers, with their states. */
export function offeredAccounts({ html }: Shown): string[] {
  return [...html.matchAll(/data-test-id="([^"]+)"[\s\S]*?>(Signed in|Signed out)</g)].map(
    ([, user, state]) => `${user}: ${state}`,
  );
}

/** The address of an authorize request. */
export function authorizeUrl(
  entra: TestEntra,
  version: 1 | 2,
  parameters: Record<string, string>,
  tenant: string = entra.tenant.id,
): string {
  const path = version === 1 ? 'oauth2/authorize' : 'oauth2/v2.0/authorize';
  return `/${tenant}/${path}?${new URLSearchParams({ response_type: 'code', ...parameters }).toString()}`;
}

/** A parameter of the address that a browser was sent to. */
export function sentParameter({ location, html }: Shown, name: string): string {
  const value = location?.searchParams.get(name);
  if (value === undefined || value === null) throw new Error(`No ${name} in ${location?.href ?? html}`);
  return value;
}

/** The claims of a JWT, unchecked. */
export function claimsOf(token: unknown): Record<string, unknown> {
  const jwt = readJwt(String(token));
  if (!jwt) throw new Error('What should be a token is no JWT.');
  return { ...jwt.claims };
}
