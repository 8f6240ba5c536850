import type { Connection } from '@latchkey/client';
import { seededUsers } from '@latchkey/cloud';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callHub } from './support/call-hub.ts';
import { connectPerson } from './support/connect-person.ts';
import { type FetchedTokens, fetchTokens } from './support/fetch-tokens.ts';
import { openTap, type Tap, type TapRule } from './support/open-tap.ts';
import { readWholeProblem } from './support/read-whole-problem.ts';
import { registerApp } from './support/register-app.ts';
import { type Product, startProduct } from './support/start-product.ts';

/** Instead of the usual 20 s; long enough for a machine that has other things to do. */
const timeoutMilliseconds = 3000;
const minute = 60_000;
const day = 24 * 60 * minute;
/** After a failure that passes by itself the hub waits five minutes at most. */
const longerThanAnyBackoff = 10 * minute;
const connections = '/api/v1/connections';

let product: Product;
let tap: Tap;
let tokens: FetchedTokens;

beforeAll(async () => {
  tap = await openTap();
  product = await startProduct({ LATCHKEY_ALLOWED_ORIGINS: tap.origin }, { timeoutMilliseconds });
  tap.upstream = product.cloud.entra.http;
});
beforeEach(async () => {
  // Each test its own: one has all refresh tokens of the person revoked.
  tokens = await fetchTokens(product.cloud);
});
afterEach(() => {
  tap.rule = null;
});
afterAll(async () => {
  await product.close();
  await tap.close();
});

describe('a token endpoint', () => {
  /** Typed by hand, with a refresh token alone: saving it asks the token endpoint at once. */
  async function connect(clientSecret = tokens.app.clientSecret): Promise<Connection> {
    return product.client.connections.create({
      method: 'manual',
      environmentUrl: product.cloud.crm.http,
      clientId: tokens.app.clientId,
      clientSecret,
      refreshToken: tokens.refreshToken,
      tokenUrl: `${tap.origin}${tokens.tokenPath}`,
    });
  }

  const html: TapRule = async () => ({
    status: 200,
    headers: new Headers({ 'content-type': 'text/html' }),
    body: '<!doctype html><title>Sign in to the guest network</title>',
  });
  const notJson: TapRule = async () => ({
    status: 200,
    headers: new Headers({ 'content-type': 'application/json' }),
    body: '{"token_type":"Bearer","access_tok',
  });
  const cutOff: TapRule = async (_request, ask, response) => {
    const { body } = await ask();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, body.length / 2), () => response.destroy());
    return 'answered';
  };
  const broken: TapRule = async () => ({
    status: 500,
    headers: new Headers({ 'content-type': 'application/json' }),
    // OAuth-shaped on purpose: a 5xx passes by itself, whatever it says.
    body: JSON.stringify({ error: 'invalid_grant', error_description: 'AADSTS50196' }),
  });
  const silent: TapRule = async ({ method }, ask) => (method === 'POST' ? 'answered' : ask());

  it.each([
    ['with a web page', html, 502, 'token_endpoint_nonsense'],
    ['with half of a JSON', notJson, 502, 'token_endpoint_nonsense'],
    ['and cuts the answer off', cutOff, 503, 'token_endpoint_unavailable'],
    ['with 500', broken, 503, 'token_endpoint_unavailable'],
    ['too late', silent, 503, 'token_endpoint_unavailable'],
  ] as const)(
    'that answers %s is asked again later, and nothing is lost',
    async (_how, rule, status, code) => {
      tap.rule = rule;
      const { id, status: saved } = await connect();
      expect(saved).toMatchObject({ state: 'failing', failure: { code } });
      const nextTryAt = Date.parse(saved.nextTryAt ?? '');
      expect(nextTryAt).toBeGreaterThan(product.clock.now() - minute);

      const asked = tap.tokenRequests().length;
      expect(await readWholeProblem(await callHub(product, `${connections}/${id}/token`))).toMatchObject({
        status,
        code,
      });
      tap.rule = null;
      product.clock.advance(longerThanAnyBackoff);
      expect((await callHub(product, `${connections}/${id}/token`)).status).toBe(200);
      expect(tap.tokenRequests().length).toBeGreaterThan(asked);
      const test = await product.client.connections.test(id);
      expect(test).toMatchObject({ outcome: 'passed', status: { state: 'ready', failure: null } });
    },
  );

  it('that refuses the secret: AADSTS7000215', async () => {
    const { id, status } = await connect('not~the.secret');
    expect(status).toMatchObject({ state: 'blocked', whoActs: 'administrator' });
    const asked = tap.tokenRequests().length;
    expect(await readWholeProblem(await callHub(product, `${connections}/${id}/token`))).toMatchObject({
      status: 409,
      code: 'client_secret_wrong',
      remote: {
        system: 'entra',
        code: 'AADSTS7000215',
        oauthError: 'invalid_client',
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(tap.tokenRequests()).toHaveLength(asked);
    const healed = await product.client.connections.update(id, { clientSecret: tokens.app.clientSecret });
    expect(healed.status.state).toBe('ready');
  });

  it('that says the secret has ended: AADSTS7000222', async () => {
    const app = await registerApp(product.cloud, { secretEndsAt: new Date(product.clock.now() + day) });
    product.clock.advance(2 * day);
    const { clientId, clientSecret, tenantId } = app;
    const { id, status } = await product.client.connections.create({
      method: 'client_credentials',
      environmentUrl: product.cloud.crm.http,
      clientId,
      clientSecret,
      tenantId,
    });
    expect(status.state).toBe('blocked');
    expect(await readWholeProblem(await callHub(product, `${connections}/${id}/token`))).toMatchObject({
      status: 409,
      code: 'client_secret_expired',
      remote: { code: 'AADSTS7000222' },
    });
  });

  it('that says the refresh token was revoked: AADSTS50173', async () => {
    const { connection } = await connectPerson(product);
    expect(connection.status.state).not.toBe('needs_sign_in');
    product.clock.advance(1000);
    product.cloud.revokeSignIns(seededUsers.salesperson);
    const refreshed = await callHub(product, `${connections}/${connection.id}/refresh`, { method: 'POST' });
    expect(await readWholeProblem(refreshed)).toMatchObject({
      status: 409,
      code: 'connection_needs_sign_in',
      whoActs: 'user',
      remote: {
        code: 'AADSTS50173',
        oauthError: 'invalid_grant',
        message: expect.stringContaining('AADSTS50173'),
      },
    });
    const { status } = await product.client.connections.get(connection.id);
    expect(status).toMatchObject({ state: 'needs_sign_in', failure: { code: 'connection_needs_sign_in' } });
  });
});

describe('Dynamics 365', () => {
  it('refuses somebody without a licence, which the connection explains', async () => {
    const { connection } = await connectPerson(product, seededUsers.withoutLicence);
    const { id } = connection;
    const test = await product.client.connections.test(id);
    expect(test.steps.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      name: 'who_am_i',
      failure: {
        code: 'crm_refused',
        whoActs: 'administrator',
        remote: { system: 'dataverse', httpStatus: 403 },
      },
    });
    expect(test.status).toMatchObject({ state: 'blocked', failure: { code: 'crm_refused' } });
    expect(test.status.remedy).not.toBe('');

    const passedOn = await callHub(product, `${connections}/${id}/proxy/api/data/v9.2/accounts`);
    expect(passedOn.status).toBe(403);
    expect(await passedOn.json()).toMatchObject({
      error: { code: expect.stringMatching(/^0x[0-9a-f]{8}$/) },
    });
  });
});
