import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openTestIssuer, type TestIssuer } from '../packages/cloud/src/entra/testing/open-test-issuer.ts';
import { connectByRegistration } from './support/connect-person.ts';
import { createGraphCaller, registerApp } from './support/register-app.ts';
import { registerByHub } from './support/register-by-hub.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud, tokenFormsOf } from './support/start-tapped-cloud.ts';

const patience = { timeout: 90_000 };
const audience = 'api://AzureADTokenExchange';
const subject = 'system:serviceaccount:latchkey:hub';
const secondsPerHour = 3600;

let folder: string;
let tokenFile: string;
let tapped: TappedCloud;
let issuer: TestIssuer;
let hub: HubProcess;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-workload-'));
  tokenFile = path.join(folder, 'token');
  tapped = await startTappedCloud();
  issuer = await openTestIssuer();
  await putToken();
  hub = await startHubProcess(
    { dataFolder: path.join(folder, 'hub'), port: 0, cloud: tapped.config },
    { LATCHKEY_WORKLOAD_IDENTITY: 'file', AZURE_FEDERATED_TOKEN_FILE: tokenFile },
  );
});
beforeEach(() => putToken());
afterAll(async () => {
  await hub?.kill();
  await issuer?.close();
  await tapped?.close();
  await rm(folder, { recursive: true, force: true });
});

/** As the platform does: another token in the place of the one before. */
async function putToken(claims: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const life = { iat: now, nbf: now, exp: now + secondsPerHour };
  const made = { iss: issuer.issuer, sub: subject, aud: audience, jti: String(Math.random()), ...life };
  const token = issuer.sign({ ...made, ...claims });
  await writeFile(tokenFile, token);
  return token;
}

const register = () => registerByHub(hub.client, { name: 'Without a secret', credential: 'federated' });
const connect = (registrationId: string) =>
  connectByRegistration({ client: hub.client, cloud: tapped.cloud }, registrationId);

it('registers, signs in and refreshes by the hub’s own identity: no secret exists at all', async () => {
  expect((await hub.client.settings.get()).workloadIdentity).toBe('file');
  const registration = await register();
  expect(registration).toMatchObject({
    credential: 'federated',
    clientSecret: null,
    certificate: null,
    federatedIdentity: { issuer: issuer.issuer, subject, audience },
  });
  const id = await connect(registration.id);
  await hub.client.connections.refresh(id);
  expect((await hub.client.connections.get(id)).credential).toBe('federated');
  const forms = tokenFormsOf(tapped, registration.clientId);
  expect(forms.length).toBeGreaterThanOrEqual(3);
  for (const form of forms) {
    expect(form.has('client_secret')).toBe(false);
    expect(form.get('client_assertion')).not.toBeNull();
  }
  const graph = await createGraphCaller(tapped.cloud);
  const application = await graph('GET', `/applications/${registration.applicationObjectId}`);
  expect(application).toMatchObject({ passwordCredentials: [], keyCredentials: [] });
});

it('takes the token that the platform puts there next, signed by another key', async () => {
  const registration = await register();
  const id = await connect(registration.id);
  issuer.rotateKey();
  const next = await putToken();
  await hub.client.connections.refresh(id);
  expect(tokenFormsOf(tapped, registration.clientId).at(-1)?.get('client_assertion')).toBe(next);
  expect((await hub.client.connections.get(id)).status.state).toBe('ready');
});

it('says what to compare when the platform names the hub otherwise (lesson 3)', async () => {
  const registration = await register();
  const id = await connect(registration.id);
  await putToken({ sub: 'system:serviceaccount:other:hub' });
  await expect(hub.client.connections.refresh(id)).rejects.toMatchObject({
    problem: {
      code: 'federated_credential_refused',
      whoActs: 'administrator',
      remote: { code: 'AADSTS700213' },
    },
  });
  await putToken();
  expect((await hub.client.connections.test(id)).outcome).toBe('passed');
});

it('goes on when the platform has no token for a while', async () => {
  const registration = await register();
  const id = await connect(registration.id);
  await rm(tokenFile);
  await expect(hub.client.connections.refresh(id)).rejects.toMatchObject({
    problem: { code: 'workload_token_unavailable', status: 503, whoActs: 'operator' },
  });
  expect((await hub.client.connections.get(id)).status.state).not.toBe('needs_sign_in');
  await putToken();
  await hub.client.connections.refresh(id);
  expect((await hub.client.connections.get(id)).status.state).toBe('ready');
});

it('says what to add to an application that a person maintains, and is ready once it was', async () => {
  const app = await registerApp(tapped.cloud);
  const adopted = await hub.client.registrations.create({
    kind: 'adopted',
    name: 'Kept by hand',
    tenantId: app.tenantId,
    clientId: app.clientId,
    credential: 'federated',
  });
  expect(adopted).toMatchObject({
    state: 'failed',
    failure: { code: 'federated_credential_refused', remedy: expect.stringMatching(/^Add a federated/) },
    federatedIdentity: { issuer: issuer.issuer, subject, audience },
  });
  const graph = await createGraphCaller(tapped.cloud);
  await graph('POST', `/applications/${app.objectId}/federatedIdentityCredentials`, {
    name: 'by-hand',
    issuer: issuer.issuer,
    subject,
    audiences: [audience],
  });
  await hub.client.registrations.retry(adopted.id);
  const state = async () => (await hub.client.registrations.get(adopted.id)).state;
  await expect.poll(state, patience).toBe('ready');
});
