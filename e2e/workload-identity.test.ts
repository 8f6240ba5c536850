import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import type { Registration } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openTestIssuer, type TestIssuer } from '../packages/cloud/src/entra/testing/open-test-issuer.ts';
import { createGraphCaller, registerApp } from './support/register-app.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud } from './support/start-tapped-cloud.ts';

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

async function register(): Promise<Registration> {
  const { id, signIn } = await hub.client.registrations.create({
    kind: 'created',
    name: 'Without a secret',
    administratorSignIn: 'browser',
    credential: 'federated',
  });
  if (signIn?.kind !== 'browser') throw new Error('No sign-in by browser is offered.');
  const administrator = { userName: seededUsers.administrator, password: seededPassword };
  await signInOnPages(createPageBrowser(), { link: signIn.url, ...administrator });
  await expect.poll(async () => (await hub.client.registrations.get(id)).state, patience).toBe('ready');
  return hub.client.registrations.get(id);
}

async function connect(registrationId: string): Promise<string> {
  const environmentUrl = tapped.cloud.crm.http;
  const { id } = await hub.client.connections.create({ method: 'sign_in', environmentUrl, registrationId });
  const { url: link } = await hub.client.connections.signIn(id);
  const salesperson = { userName: seededUsers.salesperson, password: seededPassword };
  await signInOnPages(createPageBrowser(), { link, ...salesperson });
  return id;
}

function requestsOf(clientId: string | null): URLSearchParams[] {
  return tapped.entra.exchanges
    .filter(({ request }) => request.method === 'POST' && request.path.includes('/token'))
    .map(({ request }) => new URLSearchParams(request.body))
    .filter((form) => form.get('client_id') === clientId);
}

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
  const forms = requestsOf(registration.clientId);
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
  expect(requestsOf(registration.clientId).at(-1)?.get('client_assertion')).toBe(next);
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
