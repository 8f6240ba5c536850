import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import type { Connection, ConnectionState, WhoActs } from '@latchkey/client';
import { HubProblemError } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connectPerson } from './support/connect-person.ts';
import { createGraphCaller, type GraphCaller, type RegisteredApp } from './support/register-app.ts';
import { type Product, startProduct } from './support/start-product.ts';

const hour = 3_600_000;
const day = 24 * hour;

const scopes = [
  'Application.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Directory.ReadWrite.All',
  'User.ReadWrite.All',
];

/** A connection of a person by an app of its own, and who may change the directory. */
interface Scene {
  product: Product;
  id: string;
  app: RegisteredApp;
  graph: GraphCaller;
}

/** An event, what becomes of the connection, and what brings it back. */
interface Happening {
  event: string;
  happen(scene: Scene): Promise<void> | void;
  /** What Microsoft answers to the next refresh. */
  code: string;
  state: ConnectionState;
  whoActs: WhoActs;
  advice: RegExp;
  /** What the advice says. */
  mend(scene: Scene): Promise<void>;
}

const person = seededUsers.salesperson;

async function signInAgain({ product, id }: Scene, password: string = seededPassword): Promise<void> {
  const { url: link } = await product.client.connections.signIn(id);
  await signInOnPages(createPageBrowser(), { link, userName: person, password });
}

/** A fresh administrator's token: time may have moved on. */
const graphOf = (product: Product) => createGraphCaller(product.cloud, scopes);

async function switchPrincipal({ graph, app }: Scene, accountEnabled: boolean): Promise<void> {
  await graph('PATCH', `/servicePrincipals(appId='${app.clientId}')`, { accountEnabled });
}

async function makeSecret({ product, app }: Scene): Promise<string> {
  const graph = await graphOf(product);
  const made = await graph<{ secretText: string }>('POST', `/applications/${app.objectId}/addPassword`, {
    passwordCredential: { displayName: 'another' },
  });
  return made.secretText;
}

/** Gives another secret in place, and nobody signs in again. */
async function giveSecret(scene: Scene): Promise<void> {
  await scene.product.client.connections.update(scene.id, { clientSecret: await makeSecret(scene) });
}

async function test({ product, id }: Scene): Promise<void> {
  await product.client.connections.test(id);
}

async function setPassword({ graph }: Scene, password: string): Promise<void> {
  await graph('PATCH', `/users/${person}`, {
    passwordProfile: { password, forceChangePasswordNextSignIn: false },
  });
}

function expirePassword({ graph }: Scene, forceChangePasswordNextSignIn: boolean): Promise<void> {
  return graph('PATCH', `/users/${person}`, { passwordProfile: { forceChangePasswordNextSignIn } });
}

const otherPassword = 'Another-Pass-2027';

/** The person is asked for another password, chooses it, and goes away. */
async function changePassword({ product, id }: Scene): Promise<void> {
  const browser = createPageBrowser();
  const { url } = await product.client.connections.signIn(id);
  let page = await browser.open(url);
  for (const fields of [
    { loginfmt: person },
    { passwd: seededPassword },
    { passwd: seededPassword, newpass: otherPassword, confirmpass: otherPassword },
  ]) {
    page = await browser.submit(page, fields, 'idSIButton9');
  }
  expect(page.document.querySelector('#newPassword, [role=alert]')).toBeNull();
}

/** The events of the table "Lifetimes, rotation, revocation" that end a grant, or what it is used with. */
const happenings: Happening[] = [
  {
    event: 'an administrator resets the password',
    happen: (scene) => setPassword(scene, otherPassword),
    code: 'AADSTS50173',
    state: 'needs_sign_in',
    whoActs: 'user',
    advice: /sign in again/i,
    async mend(scene) {
      await signInAgain(scene, otherPassword);
      onTestFinished(() => setPassword(scene, seededPassword));
    },
  },
  {
    event: 'the sign-in sessions are revoked',
    happen: ({ product }) => product.cloud.revokeSignIns(person),
    code: 'AADSTS50173',
    state: 'needs_sign_in',
    whoActs: 'user',
    advice: /sign in again/i,
    mend: signInAgain,
  },
  {
    event: 'the user is disabled',
    happen: ({ graph }) => graph('PATCH', `/users/${person}`, { accountEnabled: false }),
    code: 'AADSTS50057',
    state: 'needs_sign_in',
    whoActs: 'administrator',
    advice: /enable the account/i,
    async mend(scene) {
      await scene.graph('PATCH', `/users/${person}`, { accountEnabled: true });
      await test(scene);
    },
  },
  {
    event: 'the user is deleted',
    async happen({ graph }) {
      const { id } = await graph<{ id: string }>('GET', `/users/${person}`);
      await graph('DELETE', `/users/${id}`);
      deletedUser = id;
    },
    code: 'AADSTS50034',
    state: 'needs_sign_in',
    whoActs: 'user',
    advice: /account that exists/i,
    async mend(scene) {
      await scene.graph('POST', `/directory/deletedItems/${deletedUser}/restore`);
      await signInAgain(scene);
    },
  },
  {
    event: 'the consent is removed',
    async happen({ graph, app }) {
      const principal = await graph<{ id: string }>('GET', `/servicePrincipals(appId='${app.clientId}')`);
      const { value } = await graph<{ value: { id: string; clientId: string }[] }>(
        'GET',
        '/oauth2PermissionGrants',
      );
      for (const grant of value.filter(({ clientId }) => clientId === principal.id))
        await graph('DELETE', `/oauth2PermissionGrants/${grant.id}`);
    },
    code: 'AADSTS65001',
    state: 'needs_sign_in',
    whoActs: 'user',
    advice: /accept the permissions.*administrator/i,
    mend: signInAgain,
  },
  {
    event: 'the secret is removed',
    async happen({ graph, app }) {
      const path = `/applications/${app.objectId}`;
      const { passwordCredentials } = await graph<{ passwordCredentials: { keyId: string }[] }>('GET', path);
      for (const { keyId } of passwordCredentials) await graph('POST', `${path}/removePassword`, { keyId });
    },
    code: 'AADSTS7000215',
    state: 'blocked',
    whoActs: 'administrator',
    advice: /new client secret/i,
    mend: giveSecret,
  },
  {
    event: 'the secret ends',
    happen({ product }) {
      product.clock.advance(61 * day);
    },
    code: 'AADSTS7000222',
    state: 'blocked',
    whoActs: 'administrator',
    advice: /new client secret.*No one has to sign in again/i,
    mend: giveSecret,
  },
  {
    event: 'the application is deleted',
    happen: ({ graph, app }) => graph('DELETE', `/applications/${app.objectId}`),
    code: 'AADSTS700016',
    state: 'blocked',
    whoActs: 'administrator',
    advice: /client\) id/i,
    async mend(scene) {
      const { graph, app } = scene;
      await graph('POST', `/directory/deletedItems/${app.objectId}/restore`);
      const { value } = await graph<{ value: { id: string }[] }>(
        'GET',
        `/servicePrincipals?$filter=appId eq '${app.clientId}'`,
      );
      if (value.length === 0) await graph('POST', '/servicePrincipals', { appId: app.clientId });
      await signInAgain(scene);
    },
  },
  {
    event: 'the application is disabled',
    happen: (scene) => switchPrincipal(scene, false),
    code: 'AADSTS7000112',
    state: 'blocked',
    whoActs: 'administrator',
    advice: /Enabled for users to sign-in/,
    async mend(scene) {
      await switchPrincipal(scene, true);
      await test(scene);
    },
  },
];

let deletedUser = '';

describe('what ends a grant', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  });
  afterAll(() => product?.close());

  it.for(happenings)('says what to do when $event, and comes back by it', async (happening) => {
    const secretEndsAt = new Date(product.clock.now() + 60 * day);
    const { connection, app } = await connectPerson(product, person, { secretEndsAt });
    expect(connection.status.state).toBe('ready');
    const scene: Scene = { product, id: connection.id, app, graph: await graphOf(product) };
    await happening.happen(scene);
    await expectRefusal(scene, happening);
    await happening.mend(scene);
    await expectReady(scene);
  });

  it('says so when nobody has used the connection for 90 days, and a sign-in brings it back', async () => {
    const { connection, app } = await connectPerson(product);
    const scene: Scene = { product, id: connection.id, app, graph: await graphOf(product) };
    await product.client.connections.update(scene.id, { disabled: true });
    product.clock.advance(91 * day);
    await product.client.connections.update(scene.id, { disabled: false });
    await expectRefusal(scene, {
      code: 'AADSTS700082',
      state: 'needs_sign_in',
      whoActs: 'user',
      advice: /sign in again/i,
    });
    await signInAgain(scene);
    expect((await expectReady(scene)).id).toBe(connection.id);
  });

  it.for([
    {
      event: 'the password expires',
      happen: (scene: Scene) => expirePassword(scene, true),
      after: (scene: Scene) => expirePassword(scene, false),
    },
    {
      event: 'the person changes the password',
      async happen(scene: Scene) {
        await expirePassword(scene, true);
        await changePassword(scene);
      },
      after: (scene: Scene) => setPassword(scene, seededPassword),
    },
    {
      event: 'the person signs out',
      async happen({ product: { cloud, client }, app, id }: Scene) {
        const browser = createPageBrowser();
        const { url: link } = await client.connections.signIn(id);
        await signInOnPages(browser, { link, userName: person, password: seededPassword });
        const page = await browser.open(`${cloud.entra.http}/${app.tenantId}/oauth2/logout`);
        expect(page.document.text).toContain('signed out');
      },
      after: async () => {},
    },
  ])('goes on when $event', async ({ happen, after }) => {
    const { connection, app } = await connectPerson(product);
    const scene: Scene = { product, id: connection.id, app, graph: await graphOf(product) };
    onTestFinished(async () => after({ ...scene, graph: await graphOf(product) }));
    await happen(scene);
    product.clock.advance(2 * hour);
    await product.client.connections.refresh(scene.id);
    expect((await expectReady(scene)).id).toBe(connection.id);
  });
});

it('says so when a policy asks for a sign-in every day, and a sign-in brings the connection back', async () => {
  const tenant = {
    displayName: 'Contoso',
    domains: ['contoso.onmicrosoft.com'],
    policy: { signInFrequencyHours: 24 },
  };
  const product = await startProduct({}, { seed: { tenants: [tenant] } });
  onTestFinished(() => product.close());
  const { connection, app } = await connectPerson(product);
  const scene: Scene = { product, id: connection.id, app, graph: await graphOf(product) };
  product.clock.advance(25 * hour);
  await expectRefusal(scene, {
    code: 'AADSTS70043',
    state: 'needs_sign_in',
    whoActs: 'user',
    advice: /sign-in frequency policy/,
  });
  await signInAgain(scene);
  expect((await expectReady(scene)).id).toBe(connection.id);
});

/** Microsoft refuses the next refresh; the connection says why, what to do and since when, and goes on by its token. */
async function expectRefusal(
  { product, id }: Scene,
  { code, state, whoActs, advice }: Pick<Happening, 'code' | 'state' | 'whoActs' | 'advice'>,
): Promise<void> {
  const { client, clock } = product;
  await expect(client.connections.refresh(id)).rejects.toBeInstanceOf(HubProblemError);
  const { status } = await client.connections.get(id);
  expect(status).toMatchObject({ state, whoActs, failure: { remote: { code } } });
  expect(status.remedy).toMatch(advice);
  expect(Date.parse(status.since ?? '')).toBeLessThanOrEqual(clock.now());
  const { items } = await client.connections.events(id, { kinds: ['state_changed', 'refresh_failed'] });
  expect(items[0]).toMatchObject({ kind: 'state_changed', facts: { to: state } });
  expect(items.find(({ kind }) => kind === 'refresh_failed')?.failure?.remote).toMatchObject({
    code,
    traceId: expect.any(String),
    correlationId: expect.any(String),
  });
  const { expiresAt } = await client.connections.tokenFacts(id);
  const lives = Date.parse(expiresAt ?? '') > clock.now();
  // Tokens that were issued live on.
  expect(status.endsAt).toBe(lives ? expiresAt : null);
  const served = lives ? await client.connections.token(id) : null;
  expect(served?.expiresAt ?? null).toBe(lives ? expiresAt : null);
}

async function expectReady({ product: { client }, id }: Scene): Promise<Connection> {
  const connection: Connection = await client.connections.get(id);
  expect(connection).toMatchObject({ id, status: { state: 'ready', failure: null, endsAt: null } });
  const call = await client.connections.request(id, 'GET', '/api/data/v9.2/WhoAmI');
  expect(call.status).toBe(200);
  await client.connections.refresh(id);
  return connection;
}
