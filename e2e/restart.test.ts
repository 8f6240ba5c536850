import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPageBrowser, type PageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { type Connection, HubUnreachableError } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tap, TapRequest } from './support/open-tap.ts';
import { createGraphCaller, type RegisteredApp, registerApp } from './support/register-app.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud } from './support/start-tapped-cloud.ts';

const salesperson = { userName: seededUsers.salesperson, password: seededPassword };
const administrator = { userName: seededUsers.administrator, password: seededPassword };
const hour = 60 * 60_000;
/** What a killed process held is free again after this. */
const leaseMilliseconds = 30_000;

let dataFolder: string;
let tapped: TappedCloud;
let hub: HubProcess;
let app: RegisteredApp;

beforeEach(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'latchkey-restart-'));
  tapped = await startTappedCloud();
  hub = await startHubProcess({ dataFolder, port: 0, cloud: tapped.config });
  app = await registerApp(tapped.cloud, { redirectUris: [`${hub.url}/oauth/callback`] });
});
afterEach(async () => {
  await hub.kill();
  await tapped.close();
  await rm(dataFolder, { recursive: true, force: true });
});

/** Kills the hub and starts it again at the same address, when what the old process held has ended. */
async function killAndStartAgain(): Promise<void> {
  const port = Number(new URL(hub.url).port);
  await hub.kill();
  hub = await startHubProcess({ dataFolder, port, cloud: tapped.config });
  await hub.advance(leaseMilliseconds);
}

function createConnection(): Promise<Connection> {
  const { tenantId, clientId, clientSecret } = app;
  return hub.client.connections.create({
    method: 'sign_in',
    environmentUrl: tapped.cloud.crm.http,
    tenantId,
    clientId,
    clientSecret,
  });
}

async function signIn({ id }: Connection, browser: PageBrowser = createPageBrowser()): Promise<void> {
  const { url: link } = await hub.client.connections.signIn(id);
  await signInOnPages(browser, { link, ...salesperson });
}

/**
 * Holds the next request of a kind, before Microsoft has seen it or after it was done there, and tells when it is held.
 */
function holdNext(
  tap: Tap,
  isIt: (request: TapRequest) => boolean,
  moment: 'before' | 'after',
): Promise<void> {
  const held = Promise.withResolvers<void>();
  tap.rule = async (request, ask) => {
    if (!isIt(request)) return ask();
    if (moment === 'after') await ask();
    tap.rule = null;
    held.resolve();
    return 'answered';
  };
  return held.promise;
}

const isExchange = ({ body }: TapRequest) => body.includes('grant_type=authorization_code');
const isRefresh = ({ body }: TapRequest) => body.includes('grant_type=refresh_token');
const moments = ['before', 'after'] as const;

describe('after kill -9', () => {
  it('between the opened link and the callback, the sign-in is finished by the next process', async () => {
    const connection = await createConnection();
    const browser = createPageBrowser();
    const { url: link } = await hub.client.connections.signIn(connection.id);
    const page = await browser.open(link);
    expect(page.document.querySelector('#i0116')).not.toBeNull();
    await killAndStartAgain();
    await signInOnPages({ ...browser, open: async () => page }, { link, ...salesperson });
    expect(await hub.client.connections.get(connection.id)).toMatchObject({
      user: seededUsers.salesperson,
      status: { state: 'ready' },
    });
  });

  it.each(moments)(
    'during an exchange, %s Microsoft did it, one new sign-in makes it good',
    async (moment) => {
      const connection = await createConnection();
      const held = holdNext(tapped.entra, isExchange, moment);
      const cutOff = signIn(connection).catch((error: unknown) => error);
      await held;
      await killAndStartAgain();
      expect(await cutOff).toBeInstanceOf(TypeError);
      const { status } = await hub.client.connections.get(connection.id);
      expect(status).toMatchObject({ state: 'needs_sign_in', whoActs: 'user' });
      await signIn(connection);
      expect(await hub.client.connections.get(connection.id)).toMatchObject({ status: { state: 'ready' } });
    },
  );

  it.each(moments)(
    'during the exchange of a repeated sign-in, %s Microsoft did it, the tokens stay',
    async (moment) => {
      const connection = await createConnection();
      await signIn(connection);
      const held = holdNext(tapped.entra, isExchange, moment);
      const cutOff = signIn(connection).catch((error: unknown) => error);
      await held;
      await killAndStartAgain();
      expect(await cutOff).toBeInstanceOf(TypeError);
      expect(await hub.client.connections.test(connection.id)).toMatchObject({
        outcome: 'passed',
        status: { state: 'ready' },
      });
    },
  );

  it.each(moments)('during a refresh, %s Microsoft did it, the connection goes on', async (moment) => {
    const connection = await createConnection();
    await signIn(connection);
    const { accessToken } = await hub.client.connections.token(connection.id);
    const held = holdNext(tapped.entra, isRefresh, moment);
    const cutOff = hub.client.connections.refresh(connection.id).catch((error: unknown) => error);
    await held;
    await killAndStartAgain();
    expect(await cutOff).toBeInstanceOf(HubUnreachableError);
    await hub.advance(2 * hour);
    tapped.clock.advance(2 * hour);
    const refreshed = await hub.client.connections.token(connection.id);
    expect(refreshed.accessToken).not.toBe(accessToken);
    expect(await hub.client.connections.test(connection.id)).toMatchObject({ outcome: 'passed' });
  });

  it.each(moments)('during a registration, %s Microsoft did it, the app is there once', async (moment) => {
    const name = `Registered ${moment}`;
    const isCreation = ({ method, path: place }: TapRequest) =>
      method === 'POST' && place === '/v1.0/applications';
    const held = holdNext(tapped.graph, isCreation, moment);
    const registration = await hub.client.registrations.create({
      kind: 'created',
      name,
      administratorSignIn: 'browser',
    });
    if (registration.signIn?.kind !== 'browser') throw new Error('There is no sign-in by browser.');
    await signInOnPages(createPageBrowser(), { link: registration.signIn.url, ...administrator });
    await held;
    await killAndStartAgain();
    await expect
      .poll(async () => (await hub.client.registrations.get(registration.id)).state, { timeout: 60_000 })
      .toBe('ready');
    const callGraph = await createGraphCaller(tapped.cloud);
    const filter = encodeURIComponent(`displayName eq '${name}'`);
    const { value } = await callGraph<{ value: unknown[] }>('GET', `/applications?$filter=${filter}`);
    expect(value).toHaveLength(1);
  });
});
