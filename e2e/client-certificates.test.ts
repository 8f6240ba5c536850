import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectByRegistration } from './support/connect-person.ts';
import { createGraphCaller, registerApp } from './support/register-app.ts';
import { registerByHub } from './support/register-by-hub.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud, tokenFormsOf } from './support/start-tapped-cloud.ts';

const patience = { timeout: 30_000 };
const twoDays = 2 * 86_400_000;

let folder: string;
let tapped: TappedCloud;
let hub: HubProcess;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-certificates-'));
  tapped = await startTappedCloud();
  hub = await startHubProcess({ dataFolder: folder, port: 0, cloud: tapped.config });
});
afterAll(async () => {
  await hub?.kill();
  await tapped?.close();
  await rm(folder, { recursive: true, force: true });
});

const register = (settings: object = {}) =>
  registerByHub(hub.client, { name: 'By certificate', credential: 'certificate', ...settings });
const connect = (registrationId: string) =>
  connectByRegistration({ client: hub.client, cloud: tapped.cloud }, registrationId);

it('registers, signs in and refreshes by a certificate that the hub makes, without any secret', async () => {
  const registration = await register();
  const id = await connect(registration.id);
  await hub.client.connections.refresh(id);
  const { status, credential } = await hub.client.connections.get(id);
  expect([status.state, credential]).toEqual(['ready', 'certificate']);

  const requests = tokenFormsOf(tapped, registration.clientId);
  expect(requests.map((form) => form.get('grant_type'))).toEqual([
    'client_credentials',
    'authorization_code',
    'refresh_token',
  ]);
  const pem = await hub.client.registrations.certificate(registration.id);
  const digest = new X509Certificate(pem).fingerprint256.replaceAll(':', '');
  for (const form of requests) {
    expect(form.has('client_secret')).toBe(false);
    expect(decodeProtectedHeader(form.get('client_assertion') ?? '')).toMatchObject({
      alg: 'PS256',
      'x5t#S256': Buffer.from(digest, 'hex').toString('base64url'),
    });
  }
  // By its certificate, Entra ID says.
  expect(decodeJwt((await hub.client.connections.token(id)).accessToken).appidacr).toBe('2');
});

it('says what to do when the certificate was taken out of the application', async () => {
  const registration = await register();
  const id = await connect(registration.id);
  const graph = await createGraphCaller(tapped.cloud);
  const application = `/applications/${registration.applicationObjectId}`;
  const { keyCredentials } = await graph<{ keyCredentials: unknown[] }>(
    'GET',
    `${application}?$select=keyCredentials`,
  );
  await graph('PATCH', application, { keyCredentials: [] });
  await expect(hub.client.connections.refresh(id)).rejects.toMatchObject({
    problem: {
      code: 'client_certificate_refused',
      whoActs: 'administrator',
      remedy: expect.stringContaining('Upload the certificate'),
      remote: { code: 'AADSTS700027' },
    },
  });
  expect((await hub.client.connections.get(id)).status.state).toBe('blocked');
  await graph('PATCH', application, { keyCredentials });
  expect((await hub.client.connections.test(id)).outcome).toBe('passed');
});

it('says so when the certificate has ended', async () => {
  const registration = await register({ secretLifetimeDays: 1 });
  const id = await connect(registration.id);
  await hub.advance(twoDays);
  tapped.clock.advance(twoDays);
  await expect(hub.client.connections.refresh(id)).rejects.toMatchObject({
    problem: { code: 'client_certificate_refused', remote: { code: 'AADSTS700027' } },
  });
});

it('gives an application that a person maintains a certificate to upload', async () => {
  const app = await registerApp(tapped.cloud);
  const { id } = await hub.client.registrations.create({
    kind: 'adopted',
    name: 'Kept by hand',
    tenantId: app.tenantId,
    clientId: app.clientId,
    credential: 'certificate',
  });
  const waiting = await hub.client.registrations.get(id);
  expect(waiting).toMatchObject({ state: 'failed', failure: { code: 'client_certificate_refused' } });
  const pem = await hub.client.registrations.certificate(id);
  const key = new X509Certificate(pem).raw.toString('base64');
  const graph = await createGraphCaller(tapped.cloud);
  await graph('PATCH', `/applications/${app.objectId}`, {
    keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key }],
  });
  await hub.client.registrations.retry(id);
  await expect.poll(async () => (await hub.client.registrations.get(id)).state, patience).toBe('ready');
});
