import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import type { AdministratorSignIn, CreateRegistration } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeClientCertificate } from '../packages/cloud/src/jwt/testing/client-certificate.ts';
import { serveKms, type TestKms } from '../packages/hub/src/vault/testing/serve-kms.ts';
import { approveDeviceCode } from './support/approve-device-code.ts';
import { callHub } from './support/call-hub.ts';
import { gatherSecrets, type Secret } from './support/gather-secrets.ts';
import { type RecordedAnswer, recordAnswers } from './support/record-answers.ts';
import { signInForRegistration } from './support/register-by-hub.ts';
import { runLatchkey } from './support/run-latchkey.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud } from './support/start-tapped-cloud.ts';

const salesperson = { userName: seededUsers.salesperson, password: seededPassword };
const administrator = { userName: seededUsers.administrator, password: seededPassword };
const connections = '/api/v1/connections';
const patience = { timeout: 60_000 };
/** All that a grep would find by chance is shorter. */
const shortestSecret = 10;
const secretOfNobody = 'typed~by.hand-and_wrong~0123456789abcdef';
/** How PKCS #8 names RSA in Base64: in the first line of every private key that the hub makes. */
const beginningOfRsaKeys = 'IBADANBgkqhkiG9w0BAQEFAASC';
/** Keys that are kept in files of their own: those of the local cloud's certificates. The vault's is wrapped. */
const keyFiles: ReadonlySet<string> = new Set(['ca-key.pem', 'localhost-key.pem']);

let folder: string;
let tapped: TappedCloud;
let kms: TestKms;
/** How the hub's keys are wrapped. */
let wrapping: Record<string, string>;
let hub: HubProcess;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-secrets-'));
  tapped = await startTappedCloud({ dataFolder: path.join(folder, 'cloud') });
  kms = await serveKms();
  wrapping = { ...kms.environment, LATCHKEY_WRAPPING_KEY: kms.keyArn };
  hub = await startHubProcess(
    { dataFolder: path.join(folder, 'hub'), port: 0, cloud: tapped.config },
    { LATCHKEY_LOG_LEVEL: 'debug', ...wrapping },
  );
});
afterAll(async () => {
  await hub?.kill();
  await kms?.close();
  await tapped?.close();
  await rm(folder, { recursive: true, force: true });
});

async function register(
  administratorSignIn: 'browser' | 'device_code',
  credential: 'secret' | 'certificate' = 'secret',
): Promise<string> {
  const body: CreateRegistration = {
    kind: 'created',
    name: `By ${administratorSignIn}`,
    administratorSignIn,
    credential,
  };
  const { id, signIn } = await hub.client.registrations.create(body);
  if (signIn) await signInAsAdministrator(signIn);
  await expect.poll(async () => (await hub.client.registrations.get(id)).state, patience).toBe('ready');
  return id;
}

async function signInAsAdministrator(signIn: AdministratorSignIn): Promise<void> {
  if (signIn.kind === 'browser') {
    await signInOnPages(createPageBrowser(), { link: signIn.url, ...administrator });
  } else {
    await approveDeviceCode({ address: signIn.verificationUri, userCode: signIn.userCode }, administrator);
  }
}

/** The app itself by a certificate that the hub makes, let in by an administrator of the environment; and by a pasted one. */
async function useCertificates(environmentUrl: string): Promise<Secret[]> {
  const { client } = hub;
  const registrationId = await register('browser', 'certificate');
  await client.registrations.certificate(registrationId);
  const { id, tenantId, clientId } = await client.connections.create({
    method: 'client_credentials',
    environmentUrl,
    registrationId,
  });
  const { signIn } = await client.applicationUsers.begin(id, { roles: ['Salesperson'] });
  await signInOnPages(createPageBrowser(), { link: signIn?.url ?? '', ...administrator });
  await expect.poll(async () => (await client.applicationUsers.get(id)).state, patience).toBe('ready');
  await client.connections.refresh(id);

  const typed = await makeClientCertificate(Date.now());
  const key = typed.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const pem = `-----BEGIN CERTIFICATE-----\n${typed.certificate}\n-----END CERTIFICATE-----\n`;
  if (!tenantId) throw new Error('The connection has no tenant.');
  const own = { method: 'client_credentials', environmentUrl, tenantId, clientId } as const;
  await client.connections.create({ ...own, clientCertificate: key + pem });
  const withoutItsCertificate = { ...own, clientCertificate: key };
  await client.connections.create(withoutItsCertificate).catch(() => undefined);
  await rotateEverything(registrationId, { clientSecret: secretOfNobody, clientCertificate: key + pem });
  await client.connections.refresh(id);
  const [, line = ''] = key.split('\n');
  return [
    { kind: 'private key', text: line },
    { kind: 'private key', text: '-----BEGIN PRIVATE KEY' },
    { kind: 'private key', text: beginningOfRsaKeys },
  ];
}

/**
 * A registration is rotated from one kind of credential to another and within each, old ones are removed, and others are
 * typed that are refused and taken.
 */
async function rotateEverything(
  registrationId: string,
  refused: { clientSecret: string; clientCertificate: string },
) {
  const { registrations } = hub.client;
  // The administrator's sign-in removes the old one, too.
  await registrations.update(registrationId, { rotation: { graceHours: 0 } });
  for (const credential of ['secret', 'certificate', 'certificate', 'secret'] as const) {
    const asked = await registrations.rotate(registrationId, { administratorSignIn: 'browser', credential });
    const rotated = await signInForRegistration(hub.client, asked);
    expect(rotated).toMatchObject({ credential, rotation: { state: 'idle', unusedInEntra: [] } });
  }
  const { clientSecret, clientCertificate } = refused;
  for (const typed of [{ clientSecret }, { clientCertificate }, { clientSecret, clientCertificate }]) {
    await registrations.update(registrationId, typed).catch(() => undefined);
  }
  const denied = { status: 403, headers: new Headers(), body: '{"error":{"code":"Denied","message":"No."}}' };
  tapped.graph.rule = async (request, ask) => (request.path.endsWith('/addPassword') ? denied : ask());
  const asked = await registrations.rotate(registrationId, { administratorSignIn: 'browser' });
  if (asked.signIn) await signInAsAdministrator(asked.signIn);
  const task = async () => (await registrations.get(registrationId)).task?.state;
  await expect.poll(task, patience).toBe('failed');
  tapped.graph.rule = null;
  await registrations.check(registrationId);
  await registrations.usage(registrationId);
  await registrations.events(registrationId, { limit: 200 });
  await registrations.list();
}

/** The main job and what goes wrong beside it, with every kind of secret in play. */
async function useEverything(): Promise<Secret[]> {
  const { client, entryLink, apiKey, url } = hub;
  const code = new URL(entryLink).hash.replace('#code=', '');
  const entered = await callHub({ hub, apiKey }, '/api/v1/session', { method: 'POST', body: { code } });
  const session = /latchkey_session=([^;]+)/.exec(entered.headers.get('set-cookie') ?? '')?.[1] ?? '';
  await callHub({ hub, apiKey: 'none' }, connections, { headers: { cookie: `latchkey_session=${session}` } });
  const { key } = await client.apiKeys.create({ name: 'made by the test' });

  const registrationId = await register('browser');
  await register('device_code');
  const environmentUrl = tapped.cloud.crm.http;
  const { id } = await client.connections.create({ method: 'sign_in', environmentUrl, registrationId });
  const { url: link } = await client.connections.signIn(id);
  await signInOnPages(createPageBrowser(), { link, ...salesperson });
  await client.connections.test(id);
  await client.connections.refresh(id);
  const { accessToken } = await client.connections.token(id);
  await client.connections.tokenFacts(id);
  await client.connections.health(id);
  await client.connections.request(id, 'GET', '/api/data/v9.2/accounts?$top=1');

  const { tenantId, clientId } = await client.connections.get(id);
  if (!tenantId) throw new Error('The connection has no tenant.');
  const typed = { environmentUrl, tenantId, clientId, clientSecret: secretOfNobody };
  await client.connections.create({ ...typed, method: 'client_credentials' });
  await client.connections.create({ ...typed, method: 'manual', accessToken, refreshToken: secretOfNobody });
  await client.connections.update(id, { refreshToken: `refresh-${secretOfNobody}` }).catch(() => undefined);
  await client.connections.events(id);
  const certificates = await useCertificates(environmentUrl);
  const misshapen = [
    JSON.stringify({ ...typed, method: 'manual', accessToken }).slice(0, -2),
    { ...typed, method: 'manual', accessToken: [accessToken], refreshToken: { is: secretOfNobody } },
    { ...typed, method: 'manual', clientId: secretOfNobody, tokenUrl: `https://${secretOfNobody}@10.0.0.1/` },
    { ...typed, method: secretOfNobody, environmentUrl: `https://${secretOfNobody}/` },
  ];
  for (const body of misshapen) await callHub({ hub, apiKey }, connections, { method: 'POST', body });
  await callHub({ hub, apiKey: `${key.slice(0, -1)}-` }, `${connections}/${accessToken}/token`);
  await fetch(`${url}/oauth/callback?code=${secretOfNobody}&state=${secretOfNobody}`);
  return [
    ...certificates,
    { kind: 'API key', text: apiKey },
    { kind: 'API key', text: key },
    { kind: 'entry code', text: code },
    { kind: 'session', text: session },
    { kind: 'typed secret', text: secretOfNobody },
  ];
}

/** What wraps the hub's keys, used as it should be and refused. @returns what the commands have said */
async function useWrapping(): Promise<{ secrets: Secret[]; told: string }> {
  const told: string[] = [];
  const run = async (...words: string[]) => {
    const command = runLatchkey([...words, '--data', path.join(folder, 'hub')], { environment: wrapping });
    const { stdout, stderr } = await command.ended;
    told.push(stdout, stderr);
  };
  await run('keys', 'list');
  await run('keys', 'wrap');
  kms.refusals.push({ type: 'AccessDeniedException', message: 'no' });
  // As often as it is asked again, and more.
  for (let count = 0; count < 20; count += 1) kms.refusals.push('nonsense');
  await run('keys', 'list');
  await run('keys', 'wrap');
  kms.refusals.length = 0;
  await run('backup', path.join(folder, 'hub.backup'));
  const wrapped = kms.plaintexts.flatMap((plaintext) => {
    const [, key = ''] = Buffer.from(plaintext, 'base64').toString().split(':');
    return [plaintext, key];
  });
  return {
    secrets: [
      ...wrapped.map((text) => ({ kind: 'vault key', text })),
      { kind: 'AWS secret', text: wrapping.AWS_SECRET_ACCESS_KEY ?? '' },
    ],
    told: told.join(''),
  };
}

function listPlacesOfSecrets(secrets: Secret[], places: { place: string; text: string }[]): string[] {
  const found = secrets.flatMap(({ kind, text }) =>
    places
      .filter((place) => place.text.includes(text) || place.text.includes(encodeURIComponent(text)))
      .map(({ place }) => `${kind} in ${place}`),
  );
  return [...new Set(found)].sort((one, other) => one.localeCompare(other));
}

function placeOf({ method, path: place, text }: RecordedAnswer): { place: string; text: string } {
  const pattern = place
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '{id}')
    .replace(/^\/sign-in\/.+/, '/sign-in/{ticket}');
  return { place: `${method} ${pattern}`, text };
}

async function readFiles(): Promise<{ place: string; text: string }[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && !keyFiles.has(entry.name));
  return Promise.all(
    files.map(async ({ parentPath, name }) => ({
      place: name,
      text: await readFile(path.join(parentPath, name), 'latin1'),
    })),
  );
}

it('shows no secret in logs, files and answers, but where it belongs', async () => {
  const answers = recordAnswers(hub.url);
  const { secrets: keys, told } = await useWrapping();
  const own = [...keys, ...(await useEverything())];
  const secrets = [...own, ...gatherSecrets([...tapped.entra.exchanges, ...tapped.graph.exchanges])];
  expect(new Set(secrets.map(({ kind }) => kind))).toEqual(
    new Set([
      ...own.map(({ kind }) => kind),
      'access_token',
      'bearer token',
      'client_assertion',
      'client_secret',
      'code',
      'code_verifier',
      'device_code',
      'id_token',
      'passwd',
      'refresh_token',
      'secretText',
    ]),
  );
  expect(secrets.filter(({ text }) => text.length < shortestSecret)).toEqual([]);

  const addresses = [...tapped.entra.exchanges, ...tapped.graph.exchanges].map(({ request }) => ({
    place: 'an address of Microsoft’s',
    text: request.path,
  }));
  expect(listPlacesOfSecrets(secrets, addresses)).toEqual([]);
  const log = hub.output();
  expect(log).toContain('"level":30');
  expect(told).toMatch(/wrapped by .*AccessDeniedException.*gives no usable answer/s);
  const outputs = [
    { place: 'the log', text: log },
    { place: 'what commands say', text: told },
  ];
  expect(listPlacesOfSecrets(secrets, outputs)).toEqual([]);
  const files = await readFiles();
  expect(files.map(({ place }) => place)).toEqual(
    expect.arrayContaining(['hub.sqlite', 'cloud.db', 'vault.key', 'hub.backup']),
  );
  // The local cloud keeps its own signing keys in its database.
  const [anyRsaKey, others] = [
    secrets.filter(({ text }) => text === beginningOfRsaKeys),
    secrets.filter(({ text }) => text !== beginningOfRsaKeys),
  ];
  expect(listPlacesOfSecrets(others, files)).toEqual([]);
  const ofHub = files.filter(({ place }) => !place.startsWith('cloud.db'));
  expect(listPlacesOfSecrets(anyRsaKey, ofHub)).toEqual([]);
  // What is no secret is found, so a secret would be.
  const known = { kind: 'user name', text: seededUsers.salesperson };
  expect(listPlacesOfSecrets([known], files).join()).toMatch(/cloud\.db.*hub\.sqlite/);
  expect(listPlacesOfSecrets(secrets, answers.map(placeOf))).toEqual([
    `access_token in GET ${connections}/{id}/token`,
    'API key in POST /api/v1/api-keys',
    'session in POST /api/v1/session',
  ]);
});
