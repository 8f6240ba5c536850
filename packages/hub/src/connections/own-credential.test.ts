import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Connection } from '@latchkey/api';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ClientCertificate, certificateFacts } from '../token-endpoint/client-certificate.ts';
import { makeClientCertificate } from '../token-endpoint/make-client-certificate.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
  showConnection,
} from './testing/create-connection-hub.ts';
import { entraError } from './testing/entra-answers.ts';
import { clientId, clientSecret, tenantId } from './testing/scripted-microsoft.ts';

let certificate: ClientCertificate;
let other: ClientCertificate;
let hub: ConnectionHub;

beforeAll(async () => {
  [certificate, other] = await Promise.all([
    makeClientCertificate('Latchkey one', Date.UTC(2026, 10, 22), 365),
    makeClientCertificate('Latchkey other', Date.UTC(2026, 10, 22), 365),
  ]);
});
beforeEach(async () => {
  hub = await createConnectionHub();
});
afterEach(() => hub.close());

const pemOf = (made: ClientCertificate) => made.privateKey + made.certificate;

function change(id: string, payload: object) {
  return hub.inject({ method: 'PATCH', url: `/api/v1/connections/${id}`, payload });
}

/** How the last token request proved who asks: the secret, or the certificate's thumbprint. */
function lastProof(): string | null {
  const form = hub.microsoft.tokenRequests().at(-1)?.form;
  const assertion = form?.get('client_assertion') ?? null;
  if (assertion === null) return form?.get('client_secret') ?? null;
  return String(decodeProtectedHeader(assertion)['x5t#S256']);
}

function thumbprintOf({ certificate: pem }: ClientCertificate): string {
  const fingerprint = new X509Certificate(pem).fingerprint256.replaceAll(':', '');
  return Buffer.from(fingerprint, 'hex').toString('base64url');
}

it.each(['client_credentials', 'manual'] as const)(
  'connects by %s with a pasted certificate, and shows its public facts alone',
  async (method) => {
    const tokens = method === 'manual' ? { refreshToken: 'first-refresh-token' } : {};
    const clientCertificate = pemOf(certificate);
    const connection = await makeConnection(hub, { method, clientCertificate, ...tokens });
    const facts = certificateFacts(certificate.certificate);
    expect(connection).toMatchObject({
      credential: 'certificate',
      hasClientSecret: false,
      certificate: {
        thumbprint: facts?.thumbprint,
        endsAt: new Date(facts?.endsAt ?? 0).toISOString(),
      },
      status: { state: 'ready' },
    });
    expect(lastProof()).toBe(thumbprintOf(certificate));
    const keyLine = certificate.privateKey.split('\n')[3] ?? '';
    expect(keyLine).toHaveLength(64);
    expect(JSON.stringify(connection)).not.toContain(keyLine);
    const rows = await hub.context.store.db.selectFrom('connections').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(keyLine);
    expect(hub.logLines.join('\n')).not.toContain(keyLine);
  },
);

it('goes before the registration’s secret', async () => {
  const payload = { kind: 'adopted', name: 'Kept app', tenantId, clientId, clientSecret };
  const registration = await hub.inject({ method: 'POST', url: '/api/v1/registrations', payload });
  const { id: registrationId } = registration.json<{ id: string }>();
  const own = { method: 'client_credentials', clientId: undefined, registrationId };
  const connection = await makeConnection(hub, { ...own, clientCertificate: pemOf(certificate) });
  expect(connection.credential).toBe('certificate');
  expect(lastProof()).toBe(thumbprintOf(certificate));
});

async function adoptedConnection(): Promise<Connection> {
  const payload = { kind: 'adopted', name: 'Kept app', tenantId, clientId, clientSecret };
  const registration = await hub.inject({ method: 'POST', url: '/api/v1/registrations', payload });
  const { id: registrationId } = registration.json<{ id: string }>();
  return makeConnection(hub, { method: 'client_credentials', clientId: undefined, registrationId });
}

it('does not take the place of the registration’s where Microsoft refuses it, and says why', async () => {
  const { id, hasOwnCredential, status } = await adoptedConnection();
  expect([hasOwnCredential, status.state]).toEqual([false, 'ready']);
  const answer = await change(id, { clientSecret: 'wrong', name: 'Renamed' });
  expect(answer.json()).toMatchObject({ status: 409, code: 'client_secret_wrong' });
  expect(await showConnection(hub, id)).toMatchObject({
    name: expect.not.stringMatching('Renamed'),
    hasOwnCredential: false,
    status: { state: 'ready', failure: null },
  });
});

it('takes its place though Microsoft can’t be asked, and is tested by the next use', async () => {
  const { id } = await adoptedConnection();
  hub.microsoft.entra.fail('/token', { status: 503, body: 'away' });
  const changed = await change(id, { clientCertificate: pemOf(certificate) });
  expect(changed.json()).toMatchObject({ hasOwnCredential: true, credential: 'certificate' });
});

it('is given up for the registration’s again', async () => {
  const { id } = await adoptedConnection();
  await change(id, { clientCertificate: pemOf(certificate) });
  expect((await showConnection(hub, id)).hasOwnCredential).toBe(true);
  hub.clock.advance(7_200_000);
  const back = (await change(id, { clientSecret: null })).json<Connection>();
  expect(back).toMatchObject({
    hasOwnCredential: false,
    credential: 'secret',
    certificate: null,
    status: { state: 'ready' },
  });
  expect(lastProof()).toBe(clientSecret);
});

it('can’t be given up where there is no registration', async () => {
  const { id } = await makeManualConnection(hub);
  const answer = await change(id, { clientSecret: null });
  expect(answer.json()).toMatchObject({ code: 'invalid_body', errors: [{ path: 'clientSecret' }] });
  expect((await showConnection(hub, id)).hasOwnCredential).toBe(true);
});

it('takes the place of a secret, and a secret its place, each proven at once', async () => {
  const { id, credential } = await makeManualConnection(hub);
  expect(credential).toBe('secret');
  hub.clock.advance(7_200_000);
  const changed = await change(id, { clientCertificate: pemOf(certificate) });
  expect(changed.json<Connection>()).toMatchObject({ credential: 'certificate', hasClientSecret: false });
  expect(lastProof()).toBe(thumbprintOf(certificate));
  hub.clock.advance(7_200_000);
  expect(
    (await change(id, { clientCertificate: pemOf(other) })).json<Connection>().certificate,
  ).toMatchObject({
    thumbprint: certificateFacts(other.certificate)?.thumbprint,
  });
  expect(lastProof()).toBe(thumbprintOf(other));
  hub.clock.advance(7_200_000);
  const back = await change(id, { clientSecret });
  expect(back.json<Connection>()).toMatchObject({ credential: 'secret', certificate: null });
  expect(lastProof()).toBe(clientSecret);
  const row = await hub.context.store.db.selectFrom('connections').selectAll().executeTakeFirstOrThrow();
  expect([row.sealed_private_key, row.certificate]).toEqual([null, null]);
});

it('mends a connection whose certificate was refused, and keeps its tokens', async () => {
  const { id } = await makeManualConnection(hub, {
    clientSecret: undefined,
    clientCertificate: pemOf(certificate),
  });
  hub.microsoft.entra.fail('/token', entraError(401, 'invalid_client', 700027));
  await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
  expect((await showConnection(hub, id)).status).toMatchObject({
    state: 'blocked',
    whoActs: 'administrator',
    failure: { code: 'client_certificate_refused', remote: { code: 'AADSTS700027' } },
  });
  const mended = (await change(id, { clientCertificate: pemOf(other) })).json<Connection>();
  expect(mended.status.state).toBe('ready');
});

it('is tried by the next use, where the connection was disabled when it was put there', async () => {
  const own = { clientSecret: undefined, clientCertificate: pemOf(certificate) };
  const { id } = await makeManualConnection(hub, own);
  hub.microsoft.entra.fail('/token', entraError(401, 'invalid_client', 700027));
  await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
  hub.clock.advance(7_200_000);
  await change(id, { disabled: true });
  await change(id, { clientCertificate: pemOf(other) });
  await change(id, { disabled: false });
  const answer = await hub.inject({ method: 'GET', url: `/api/v1/connections/${id}/token` });
  expect(answer.statusCode).toBe(200);
  expect(lastProof()).toBe(thumbprintOf(other));
});

it.each([
  ['beside a client secret', () => ({ clientSecret, clientCertificate: pemOf(certificate) }), /not both/],
  ['without its key', () => ({ clientCertificate: certificate.certificate }), /no private key/],
])('is refused %s, at its field', async (_what, input, expected) => {
  const { id } = await makeManualConnection(hub);
  for (const answer of [
    await change(id, input()),
    await hub.inject({
      method: 'POST',
      url: '/api/v1/connections',
      payload: {
        method: 'client_credentials',
        environmentUrl: hub.microsoft.crm.origin,
        clientId,
        ...input(),
      },
    }),
  ]) {
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'invalid_body',
      errors: [{ path: 'clientCertificate', message: expect.stringMatching(expected) }],
    });
  }
  expect((await showConnection(hub, id)).credential).toBe('secret');
});

it('is asked for, or a secret, where the application signs in as itself', async () => {
  const payload = { method: 'client_credentials', environmentUrl: hub.microsoft.crm.origin, clientId };
  const answer = await hub.inject({ method: 'POST', url: '/api/v1/connections', payload });
  expect(answer.json()).toMatchObject({ errors: [{ path: 'clientSecret' }] });
});

it('opens no key that was moved here from another connection', async () => {
  const own = { clientSecret: undefined, clientCertificate: pemOf(certificate) };
  const [one, moved] = [await makeManualConnection(hub, own), await makeManualConnection(hub, own)];
  const { db } = hub.context.store;
  const row = await db
    .selectFrom('connections')
    .select('sealed_private_key')
    .where('id', '=', one.id)
    .executeTakeFirstOrThrow();
  await db.updateTable('connections').set(row).where('id', '=', moved.id).execute();
  const refreshed = await hub.inject({ method: 'POST', url: `/api/v1/connections/${moved.id}/refresh` });
  expect(refreshed.json()).toMatchObject({ code: 'vault_unreadable' });
});

it('shows a connection whose certificate is damaged, and says so where it is used', async () => {
  const own = { clientSecret: undefined, clientCertificate: pemOf(certificate) };
  const { id } = await makeManualConnection(hub, own);
  await hub.context.store.db.updateTable('connections').set({ certificate: 'none' }).execute();
  expect(await showConnection(hub, id)).toMatchObject({ id, credential: 'certificate', certificate: null });
  const refreshed = await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
  expect(refreshed.json()).toMatchObject({ code: 'stored_data_damaged' });
});

it('stores the key in PKCS #8, whatever its form was', async () => {
  const pkcs1 = createPrivateKey(certificate.privateKey).export({ type: 'pkcs1', format: 'pem' });
  const clientCertificate = `${pkcs1.toString()}${certificate.certificate}`;
  const connection = await makeConnection(hub, { method: 'client_credentials', clientCertificate });
  expect(connection.status.state).toBe('ready');
});
