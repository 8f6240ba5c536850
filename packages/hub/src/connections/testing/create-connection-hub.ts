import type { Connection } from '@latchkey/api';
import { createTestHub, type TestHub } from '../../testing/create-test-hub.ts';
import {
  authorizationCode,
  clientId,
  clientSecret,
  type ScriptedMicrosoft,
  startScriptedMicrosoft,
} from './scripted-microsoft.ts';

type HubOptions = NonNullable<Parameters<typeof createTestHub>[0]>;

export interface ConnectionHub extends TestHub {
  microsoft: ScriptedMicrosoft;
}

/** A hub whose Microsoft is the scripted one; `beside` shares database, clock and Microsoft with another. */
export async function createConnectionHub(
  options: Omit<HubOptions, 'cloud' | 'beside'> & { beside?: ConnectionHub } = {},
): Promise<ConnectionHub> {
  const microsoft = options.beside?.microsoft ?? (await startScriptedMicrosoft());
  const { entra, crm } = microsoft;
  const cloud = { authority: entra.origin, graph: entra.origin, localEnvironments: [crm.origin] };
  const hub = await createTestHub({ ...options, cloud });
  return {
    ...hub,
    microsoft,
    async close() {
      await hub.close();
      if (!options.beside) await microsoft.close();
    },
  };
}

/** Makes a connection over the API and expects that to work. */
export async function makeConnection(hub: ConnectionHub, input: object): Promise<Connection> {
  const payload = { environmentUrl: hub.microsoft.crm.origin, clientId, ...input };
  const answer = await hub.inject({ method: 'POST', url: '/api/v1/connections', payload });
  if (answer.statusCode !== 201) throw new Error(`Not created: ${answer.body}`);
  return answer.json<Connection>();
}

/** Makes a connection with tokens that were got elsewhere, as the article does. */
export function makeManualConnection(hub: ConnectionHub, input: object = {}): Promise<Connection> {
  const tokens = { accessToken: hub.microsoft.accessToken(), refreshToken: 'first-refresh-token' };
  return makeConnection(hub, { method: 'manual', clientSecret, ...tokens, ...input });
}

export async function showConnection(hub: TestHub, id: string): Promise<Connection> {
  const answer = await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}` });
  return answer.json<Connection>();
}

/** A person's browser on its way through a sign-in. */
export interface SignInVisit {
  /** Microsoft's sign-in page, as the hub asked for it. */
  authorizeUrl: URL;
  cookie: string;
}

/** Gets a sign-in link and opens it in a fresh browser. */
export async function openSignIn(
  hub: TestHub,
  connectionId: string,
): Promise<SignInVisit & { link: string }> {
  const answer = await hub.inject({ method: 'POST', url: `/api/v1/connections/${connectionId}/sign-in` });
  const { url } = answer.json<{ url: string }>();
  const link = new URL(url).pathname;
  return { link, ...(await openLink(hub, link)) };
}

export async function openLink(hub: TestHub, link: string, cookie = ''): Promise<SignInVisit> {
  const page = await hub.app.inject({ method: 'GET', url: link, headers: { cookie } });
  const [set] = page.cookies;
  if (page.statusCode !== 302 || !set) throw new Error(`No redirect: ${page.statusCode} ${page.body}`);
  return { authorizeUrl: new URL(String(page.headers.location)), cookie: `${set.name}=${set.value}` };
}

/** Comes back from Microsoft's page with these parameters and the right state. */
export function comeBack(hub: TestHub, { authorizeUrl, cookie }: SignInVisit, query: Record<string, string>) {
  const parameters = new URLSearchParams({ state: authorizeUrl.searchParams.get('state') ?? '', ...query });
  return hub.app.inject({
    method: 'GET',
    url: `/oauth/callback?${parameters.toString()}`,
    headers: { cookie },
  });
}

/** The whole way: link, Microsoft's page, back with a code. */
export async function signIn(hub: TestHub, connectionId: string): Promise<void> {
  const answer = await comeBack(hub, await openSignIn(hub, connectionId), { code: authorizationCode });
  if (answer.statusCode !== 303) throw new Error(`Not signed in: ${answer.body}`);
}
