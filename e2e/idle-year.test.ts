import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import type { Connection } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addApplicationUser } from './support/add-application-user.ts';
import { connectPerson } from './support/connect-person.ts';
import { fetchTokens } from './support/fetch-tokens.ts';
import { registerApp } from './support/register-app.ts';
import { type Product, startProduct } from './support/start-product.ts';

const hour = 60 * 60_000;
const day = 24 * hour;
const daysOfYear = 365;
/** How often the keeper looks; a real one looks every few seconds. */
const step = 12 * hour;
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

async function signInAgain({ id }: Connection, userName: string): Promise<void> {
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

it('keeps every grant alive and every state true through a year in which nobody uses anything (lessons 9, 10)', {
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

  const outage = { from: 200, to: 203 };
  const revocation = { at: 100, signedInAgainAt: 110 };
  for (let passed = 1; passed <= daysOfYear; passed += 1) {
    if (passed === revocation.at) cloud.revokeSignIns(seededUsers.administrator);
    if (passed === revocation.signedInAgainAt) await signInAgain(revoked, seededUsers.administrator);
    if (passed === outage.from)
      cloud.faults.add({ service: 'crm', effect: { kind: 'server_error', status: 503 }, share: 1 });
    if (passed === outage.to) cloud.faults.clear();
    await passDay();
    const connections = await show();
    // A failure is met by the next proof, within a day.
    const isTold = (since: number) => passed > since;
    const isAway = isTold(outage.from) && passed < outage.to;
    const isMixed = passed === outage.from;
    const isRevoked = isTold(revocation.at) && passed < revocation.signedInAgainAt;
    for (const { id } of isMixed ? [] : [idle, application])
      expectTrue(connections.get(id), isAway ? 'failing' : 'ready');
    if (!isMixed && passed !== revocation.at)
      expectTrue(connections.get(revoked.id), isRevoked ? 'needs_sign_in' : isAway ? 'failing' : 'ready');
    expectTrue(connections.get(disabled.id), 'disabled');
  }

  for (const { id } of [idle, revoked, application])
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
