import Fastify, { type FastifyInstance } from 'fastify';
import type { MovableClock } from '../../clock.ts';
import type { ServicesContext } from '../../create-cloud-context.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { openTestEntra, signIn, type TestEntra } from '../../entra/testing/open-test-entra.ts';
import {
  openScriptedBrowser,
  type ScriptedBrowser,
  type Shown,
} from '../../entra/testing/scripted-browser.ts';
import { registerPortal } from '../register-portal.ts';

/** A portal beside the local Entra ID that it signs people in at, in memory, driven by inject. */
export interface TestPortal {
  entra: TestEntra;
  app: FastifyInstance;
  context: ServicesContext;
  clock: MovableClock;
  tenant: Tenant;
  /** A browser that nobody has signed in with. */
  browser(headers?: Record<string, string>): ScriptedBrowser;
  /** Signs a person in, with a browser of their own. */
  signIn(userPrincipalName?: string): Promise<PortalBrowser>;
  close(): Promise<void>;
}

/** A person's browser at the portal; redirects after a form are followed to the page. */
export interface PortalBrowser extends ScriptedBrowser {
  /** Opens a page and sends the form on it that goes to `action`, with the token that the page carries. */
  send(page: string, action: string, fields?: Record<string, string>): Promise<Shown>;
  /** The same with a form that has a file in it. */
  upload(page: string, action: string, fields: Record<string, string | Blob>): Promise<Shown>;
  /** Registers an application and gives its object id. */
  register(fields?: Record<string, string>): Promise<string>;
}

export async function openTestPortal({ isClockMovable = false } = {}): Promise<TestPortal> {
  const entra = await openTestEntra();
  const { context, clock, tenant } = entra;
  const app = Fastify({ logger: false });
  await registerPortal(app, context, {
    movableClock: isClockMovable ? clock : null,
    fetch: async (url, request) => {
      const { pathname, search } = new URL(url);
      const answer = await entra.app.inject({
        method: 'POST',
        url: pathname + search,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: request.body.toString(),
      });
      return new Response(answer.body, { status: answer.statusCode });
    },
  });
  return {
    entra,
    app,
    context,
    clock,
    tenant,
    browser: (headers) => openScriptedBrowser(app, headers),
    async signIn(userPrincipalName = seededUsers.administrator) {
      const browser = openScriptedBrowser(app);
      const { location } = await browser.open('/');
      const done = await signIn(await entra.browser().open(pathOf(location)), userPrincipalName);
      await browser.open(pathOf(done.location));
      return withForms(app, browser);
    },
    async close() {
      await app.close();
      await entra.close();
    },
  };
}

function withForms(app: FastifyInstance, browser: ScriptedBrowser): PortalBrowser {
  const tokenOf = async (page: string, action: string) => {
    const { html } = await browser.open(page);
    if (!html.includes(`action="${action}"`)) throw new Error(`${page} has no form to ${action}:\n${html}`);
    return /name="form_token" value="([^"]*)"/.exec(html)?.[1] ?? '';
  };
  const send: PortalBrowser['send'] = async (page, action, fields = {}) => {
    const sent = await browser.post(action, { form_token: await tokenOf(page, action), ...fields });
    return sent.location === undefined ? sent : browser.open(pathOf(sent.location));
  };
  return {
    ...browser,
    send,
    async upload(page, action, fields) {
      const form = new FormData();
      form.set('form_token', await tokenOf(page, action));
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      const encoded = new Response(form);
      const answer = await app.inject({
        method: 'POST',
        url: action,
        headers: {
          cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          'content-type': encoded.headers.get('content-type') ?? '',
        },
        payload: Buffer.from(await encoded.arrayBuffer()),
      });
      const { location } = answer.headers;
      if (location !== undefined) return browser.open(location);
      const { statusCode: status, body: html, headers } = answer;
      return {
        status,
        html,
        headers,
        location: undefined,
        submit: () => Promise.reject(new Error('Not a form.')),
      };
    },
    async register(fields = {}) {
      const page = '/app-registrations/new';
      const { html } = await send(page, page, { name: 'Integration', audience: 'AzureADMyOrg', ...fields });
      const [, id] = /href="\/app-registrations\/([0-9a-f-]{36})"/.exec(html) ?? [];
      if (id === undefined) throw new Error(`Nothing was registered:\n${html}`);
      return id;
    },
  };
}

function pathOf(location: URL | undefined): string {
  if (!location) throw new Error('The browser was not sent anywhere.');
  return location.pathname + location.search;
}

/** What a page's forms carry without showing it: the form's token, its id and the version that it was made from. */
export function hiddenFields(html: string): Record<string, string> {
  const found = html.matchAll(/name="(form_token|form_id|version)" value="([^"]*)"/g);
  return Object.fromEntries([...found].map(([, name = '', value = '']): [string, string] => [name, value]));
}
