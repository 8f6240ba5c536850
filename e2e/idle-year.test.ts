import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import type { Connection, Registration } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addApplicationUser } from './support/add-application-user.ts';
import { connectPerson } from './support/connect-person.ts';
import { fetchTokens } from './support/fetch-tokens.ts';
import { createGraphCaller, registerApp } from './support/register-app.ts';
import { registerByHub } from './support/register-by-hub.ts';
import { setPolicies } from './support/set-policies.ts';
import { type Product, startProduct } from './support/start-product.ts';

const hour = 60 * 60_000;
const day = 24 * hour;
const daysOfYear = 365;
/** How often the keeper looks; a real one looks every few seconds. */
const step = 12 * hour;
/** The longest life of a secret that the tenant allows, and how many days before its end the hub takes another. */
const secretDays = 90;
const rotatedBeforeEnd = 30;
/** Each comes at the next step after it is due. */
const fewestRotations = Math.floor(daysOfYear / (secretDays - rotatedBeforeEnd + 1));
/** Events are kept for so long unless told otherwise. */
const eventsKept = 90 * day;
/** The real time that the whole year takes at most, on a machine with other things to do. */
const patience = 10 * 60_000;

let product: Product;

beforeAll(async () => {
  product = await startProduct();
});
afterAll(async () => {
  await product?.close();
});

/** A day that nobody uses anything on, as the keeper lives through it. */
async function passDay(): Promise<void> {
  for (let passed = 0; passed < day; passed += step) {
    product.clock.advance(step);
    await product.hub.keeper.runDue();
  }
}

async function connectApplication(): Promise<Connection> {
  const { cloud, client } = product;
  const app = await registerApp(cloud, { isFallbackPublicClient: true });
  await addApplicationUser(cloud, app);
  const { tenantId, clientId, clientSecret } = app;
  return client.connections.create({
    method: 'client_credentials',
    environmentUrl: cloud.crm.http,
    tenantId,
    clientId,
    clientSecret,
  });
}

/** What a registration rotates by itself, and a person who signed in by it. */
interface KeptRegistration {
  id: string;
  connectionId: string;
  /** The key ids of all secrets, or certificates, that there were, in their order. */
  keyIds: string[];
  /** On so many days the next one was late. */
  lateDays: number;
}

async function register(credential: 'secret' | 'certificate'): Promise<KeptRegistration> {
  const { cloud, client } = product;
  const { id } = await registerByHub(client, {
    secretLifetimeDays: secretDays,
    credential,
    automaticRotation: true,
  });
  const environmentUrl = cloud.crm.http;
  const connection = await client.connections.create({
    method: 'sign_in',
    environmentUrl,
    registrationId: id,
  });
  await signInAgain(connection, seededUsers.salesperson);
  return { id, connectionId: connection.id, keyIds: [], lateDays: 0 };
}

/** The tokens of a single page app, copied out of a browser: good for a day, and for nobody but its page. */
async function pasteFromPage(): Promise<Connection> {
  const { cloud, client } = product;
  const { app, accessToken, refreshToken } = await fetchTokens(cloud, 'spa');
  return client.connections.create({
    method: 'manual',
    environmentUrl: cloud.crm.http,
    tenantId: app.tenantId,
    clientId: app.clientId,
    accessToken,
    refreshToken,
  });
}

const credentialOf = ({ clientSecret, certificate }: Registration) => clientSecret ?? certificate;

/** A registration is true when its credential is good for long, or it says why it is not. */
async function expectKept(kept: KeptRegistration, mayBeLate: boolean): Promise<void> {
  const registration = await product.client.registrations.get(kept.id);
  const { keyId, daysLeft } = credentialOf(registration) ?? {};
  if (typeof keyId === 'string' && kept.keyIds.at(-1) !== keyId) kept.keyIds.push(keyId);
  expect(registration).toMatchObject({ state: 'ready', alarm: null, rotation: { mayRotate: true } });
  const isLate = (daysLeft ?? 0) < rotatedBeforeEnd - 1;
  if (!isLate) return;
  expect(mayBeLate).toBe(true);
  expect(registration.rotation.failure).toMatchObject({ code: 'graph_refused' });
  kept.lateDays += 1;
}

/** The key ids that the application has in Entra ID. */
async function keysInEntra(id: string): Promise<string[]> {
  const { applicationObjectId } = await product.client.registrations.get(id);
  const graph = await createGraphCaller(product.cloud);
  const select = '?$select=passwordCredentials,keyCredentials';
  const { passwordCredentials, keyCredentials } = await graph<
    Record<'passwordCredentials' | 'keyCredentials', { keyId: string }[]>
  >('GET', `/applications/${applicationObjectId}${select}`);
  return [...passwordCredentials, ...keyCredentials].map(({ keyId }) => keyId);
}

async function signInAgain({ id }: Pick<Connection, 'id'>, userName: string): Promise<void> {
  const { url: link } = await product.client.connections.signIn(id);
  await signInOnPages(createPageBrowser(), { link, userName, password: seededPassword });
}

async function show(): Promise<Map<string, Connection>> {
  const { items } = await product.client.connections.list();
  return new Map(items.map((connection) => [connection.id, connection]));
}

/** A state is true when it is what was to be expected, and was proven not longer ago than it says. */
function expectTrue(connection: Connection | undefined, state: Connection['status']['state']): void {
  const { status } = connection ?? {};
  expect(status).toMatchObject({ state, proofOverdueSince: null });
  const isProofAsked = state === 'ready';
  const provenAt = isProofAsked ? Date.parse(status?.lastProvenAt ?? '') : product.clock.now();
  expect(product.clock.now() - provenAt).toBeLessThanOrEqual(day);
}

it('keeps every grant alive, every secret and certificate good and every state true through a year in which nobody uses anything (lessons 4, 9, 10)', {
  timeout: patience,
}, async () => {
  const { cloud, client, hub } = product;
  const idle = (await connectPerson(product)).connection;
  const revoked = (await connectPerson(product, seededUsers.administrator)).connection;
  const disabled = (await connectPerson(product)).connection;
  const application = await connectApplication();
  // What happens to a grant that nobody keeps.
  const unkept = await fetchTokens(cloud);
  await client.connections.update(disabled.id, { disabled: true });
  const ofPage = await pasteFromPage();
  // From here on the tenant allows no secret that lives longer.
  await setPolicies(cloud, { longestSecretDays: String(secretDays) });
  const bySecret = await register('secret');
  const byCertificate = await register('certificate');

  const outage = { from: 200, to: 203 };
  const revocation = { at: 100, signedInAgainAt: 110 };
  // A secret of 90 days that is 60 old is to be replaced on days 60, 120, 180 and so on.
  const forbidden = { from: 175, to: 185 };
  for (let passed = 1; passed <= daysOfYear; passed += 1) {
    if (passed === revocation.at) cloud.revokeSignIns(seededUsers.administrator);
    if (passed === revocation.signedInAgainAt) await signInAgain(revoked, seededUsers.administrator);
    if (passed === outage.from)
      cloud.faults.add({ service: 'crm', effect: { kind: 'server_error', status: 503 }, share: 1 });
    if (passed === outage.to) cloud.faults.clear();
    if (passed === forbidden.from) await setPolicies(cloud, { clientSecrets: 'forbidden' });
    if (passed === forbidden.to) await setPolicies(cloud, { clientSecrets: 'allowed' });
    await passDay();
    const connections = await show();
    // A failure is met by the next proof, within a day.
    const isTold = (since: number) => passed > since;
    const isAway = isTold(outage.from) && passed < outage.to;
    const isMixed = passed === outage.from;
    const isRevoked = isTold(revocation.at) && passed < revocation.signedInAgainAt;
    for (const id of isMixed
      ? []
      : [idle.id, application.id, bySecret.connectionId, byCertificate.connectionId])
      expectTrue(connections.get(id), isAway ? 'failing' : 'ready');
    if (!isMixed && passed !== revocation.at)
      expectTrue(connections.get(revoked.id), isRevoked ? 'needs_sign_in' : isAway ? 'failing' : 'ready');
    expectTrue(connections.get(disabled.id), 'disabled');
    // Nobody can keep it, which is said from the first try on.
    expectTrue(connections.get(ofPage.id), 'blocked');
    await expectKept(bySecret, passed >= forbidden.from && passed < forbidden.to);
    await expectKept(byCertificate, false);
  }

  // The one before is removed a day after its last use.
  await passDay();
  await passDay();
  for (const { id, keyIds } of [bySecret, byCertificate]) {
    expect(keyIds.length).toBeGreaterThan(fewestRotations);
    expect(await keysInEntra(id)).toEqual(keyIds.slice(-1));
  }
  expect([bySecret.lateDays > 0, byCertificate.lateDays]).toEqual([true, 0]);
  for (const id of [idle.id, revoked.id, application.id, bySecret.connectionId, byCertificate.connectionId])
    expect(await client.connections.test(id)).toMatchObject({ outcome: 'passed' });
  expect((await client.connections.get(idle.id)).user).toBe(seededUsers.salesperson);
  const refused = await fetch(`${cloud.entra.http}${unkept.tokenPath}`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: unkept.app.clientId,
      client_secret: unkept.app.clientSecret,
      grant_type: 'refresh_token',
      refresh_token: unkept.refreshToken,
    }),
  });
  expect(await refused.json()).toMatchObject({ error_codes: [700082] });
  const { oldest } = await hub.context.store.db
    .selectFrom('events')
    .select(({ fn }) => fn.min('happened_at').as('oldest'))
    .executeTakeFirstOrThrow();
  expect(oldest).toBeGreaterThan(product.clock.now() - eventsKept - day);
});
