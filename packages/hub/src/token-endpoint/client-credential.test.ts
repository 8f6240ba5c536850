import { X509Certificate } from 'node:crypto';
import { jwtVerify } from 'jose';
import { clientCredentialsGrant } from 'openid-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { entraError } from '../connections/testing/entra-answers.ts';
import { type ScriptedServer, startScriptedServer } from '../connections/testing/scripted-server.ts';
import { HubError } from '../errors/hub-error.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { certificateCredential } from './client-certificate.ts';
import type { ClientCredential } from './client-credential.ts';
import { makeClientCertificate } from './make-client-certificate.ts';
import { requestToken } from './request-token.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let server: ScriptedServer;
let hub: TestHub;

beforeEach(async () => {
  server = await startScriptedServer(() => ({
    status: 200,
    body: { token_type: 'Bearer', access_token: 'access', expires_in: 3600 },
  }));
  hub = await createTestHub({
    cloud: { authority: server.origin, graph: server.origin, localEnvironments: [] },
  });
});
afterEach(async () => {
  await hub.close();
  await server.close();
});

async function ask(credential: ClientCredential) {
  const tokenEndpoint = `${server.origin}/tenant/oauth2/v2.0/token`;
  const client = { authorizationEndpoint: tokenEndpoint, tokenEndpoint, clientId: 'app', credential };
  const outcome = await requestToken(hub.context, client, 'client_credentials', (configuration) =>
    clientCredentialsGrant(configuration, { scope: 's' }),
  );
  return { outcome, form: server.requests.at(-1)?.form ?? new URLSearchParams(), tokenEndpoint };
}

async function makeCredential() {
  const made = await makeClientCertificate('Latchkey', hub.clock.now(), 30);
  const credential = certificateCredential(made);
  if (credential.kind !== 'certificate') throw new Error('No certificate.');
  return { credential, publicKey: new X509Certificate(made.certificate).publicKey };
}

it('proves a certificate by an assertion that it signed, PS256, named by x5t#S256, by the hub’s clock', async () => {
  const { credential, publicKey } = await makeCredential();
  const { form, tokenEndpoint, outcome } = await ask(credential);
  expect(outcome.ok).toBe(true);
  const { client_assertion: assertion = '', ...rest } = Object.fromEntries(form);
  expect(rest).toEqual({
    client_id: 'app',
    client_assertion_type: assertionType,
    grant_type: 'client_credentials',
    scope: 's',
  });
  const now = hub.clock.now();
  const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
    algorithms: ['PS256'],
    audience: tokenEndpoint,
    issuer: 'app',
    subject: 'app',
    currentDate: new Date(now),
  });
  expect(protectedHeader).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': credential.thumbprint });
  const seconds = Math.floor(now / 1000);
  expect(payload).toMatchObject({ iat: seconds, nbf: seconds, exp: seconds + 600, jti: expect.any(String) });
});

it('signs a new assertion for each request', async () => {
  const { credential } = await makeCredential();
  const [one, other] = [await ask(credential), await ask(credential)];
  expect(one.form.get('client_assertion')).not.toBe(other.form.get('client_assertion'));
});

it('presents another issuer’s token as it is', async () => {
  const { form } = await ask({ kind: 'federated', readAssertion: async () => 'a.b.c' });
  expect(Object.fromEntries(form)).toEqual({
    client_id: 'app',
    client_assertion_type: assertionType,
    client_assertion: 'a.b.c',
    grant_type: 'client_credentials',
    scope: 's',
  });
});

it('is a failure of the request where there is no token to present', async () => {
  const none = new HubError('token_endpoint_unavailable', { detail: 'There is no token.' });
  const { outcome } = await ask({ kind: 'federated', readAssertion: () => Promise.reject(none) });
  expect(outcome).toEqual({ ok: false, failure: none, retryAfterMilliseconds: null });
  expect(server.requests).toEqual([]);
});

it.each([
  [700027, 'client_certificate_refused', 'administrator'],
  [50012, 'client_certificate_refused', 'administrator'],
  [700030, 'client_certificate_refused', 'administrator'],
  [70021, 'federated_credential_refused', 'administrator'],
  [700211, 'federated_credential_refused', 'administrator'],
  [700212, 'federated_credential_refused', 'administrator'],
  [700213, 'federated_credential_refused', 'administrator'],
  [7002138, 'federated_credential_refused', 'administrator'],
  [5002730, 'federated_credential_refused', 'developer'],
  [7000272, 'federated_credential_refused', 'developer'],
  [501661, 'federated_credential_refused', 'developer'],
])('tells what AADSTS%d means for the credential (lesson 3)', async (code, expected, whoActs) => {
  server.fail('/token', entraError(401, 'invalid_client', code));
  const { outcome } = await ask({ kind: 'federated', readAssertion: async () => 'a.b.c' });
  expect(outcome).toMatchObject({
    ok: false,
    failure: {
      code: expected,
      options: { whoActs, remedy: expect.any(String), remote: { code: `AADSTS${code}` } },
    },
  });
});

it('strikes the assertion out of what a token endpoint repeats', async () => {
  const assertion = 'header-part.claims-part.signature-part';
  server.fail('/token', ({ form }) => ({
    status: 400,
    body: { error: 'invalid_client', error_description: `Not ${form.get('client_assertion')}, please.` },
  }));
  const { outcome } = await ask({ kind: 'federated', readAssertion: async () => assertion });
  if (outcome.ok) throw new Error('It was not refused.');
  const { message, options } = outcome.failure;
  expect(options.remote?.message).toBe('Not …, please.');
  expect(JSON.stringify([message, options])).not.toContain(assertion);
});
