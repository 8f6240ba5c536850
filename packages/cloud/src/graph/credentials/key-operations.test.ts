import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { findServicePrincipal, updateServicePrincipal } from '../../directory/service-principals.ts';
import {
  type ClientCertificate,
  makeClientCertificate,
  signAssertion,
} from '../../jwt/testing/client-certificate.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let first: ClientCertificate;
let second: ClientCertificate;
let stranger: ClientCertificate;
let ended: ClientCertificate;
let graph: GraphTestClient;
let token: string;
let appId: string;
/** The object whose keys are rolled: its path and its id. */
let application: { path: string; id: string };
let principal: { path: string; id: string };

beforeAll(async () => {
  const now = Date.UTC(2026, 0, 15, 10);
  [first, second, stranger] = await Promise.all([
    makeClientCertificate(now),
    makeClientCertificate(now),
    makeClientCertificate(now),
  ]);
  ended = await makeClientCertificate(now, 1 / 24);
});

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'Rolls its keys',
    keyCredentials: [{ key: ended.certificate }, { key: first.certificate }],
  });
  appId = body.appId;
  application = { path: `/applications/${body.id}`, id: body.id };
  const { body: made } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  principal = { path: `/servicePrincipals/${made.id}`, id: made.id };
});

const now = () => Math.floor(graph.clock.now() / 1000);
const claims = (changes: object = {}, id = application.id) => ({
  aud: '00000002-0000-0000-c000-000000000000',
  iss: id,
  nbf: now(),
  exp: now() + 600,
  ...changes,
});
const asCredential = ({ certificate }: ClientCertificate) => ({
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  key: certificate,
});
const addKey = (proof: unknown, { path } = application, as = token) =>
  graph.call(as, 'POST', `${path}/addKey`, {
    keyCredential: asCredential(second),
    passwordCredential: null,
    proof,
  });
const keysOf = async ({ path } = application) =>
  (await graph.call(token, 'GET', `${path}?$select=keyCredentials`)).body.keyCredentials;

it('lets an app without any permission roll its own keys', async () => {
  const itself = await graph.applicationToken(principal.id, []);
  const added = await addKey(signAssertion(first, claims()), application, itself);
  expect([added.status, added.body]).toMatchObject([
    200,
    {
      '@odata.context': 'http://localhost:4482/v1.0/$metadata#microsoft.graph.keyCredential',
      customKeyIdentifier: createHash('sha1')
        .update(second.certificate, 'base64')
        .digest('hex')
        .toUpperCase(),
      key: null,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    },
  ]);
  expect(await keysOf()).toMatchObject([
    { key: second.certificate },
    { key: ended.certificate },
    { key: first.certificate },
  ]);
  const [, , old] = (await graph.call(token, 'GET', application.path)).body.keyCredentials as {
    keyId: string;
  }[];
  const remove = () =>
    graph.call(itself, 'POST', `${application.path}/removeKey`, {
      keyId: old?.keyId,
      proof: signAssertion(second, claims(), { alg: 'PS256' }),
    });
  expect((await remove()).status).toBe(204);
  expect(await keysOf()).toMatchObject([{ key: second.certificate }, { key: ended.certificate }]);
  expect((await remove()).body.error.message).toContain('No key credential found');
});

it('rolls the keys of a service principal by one of its own, not of its application', async () => {
  const { directory } = graph.context;
  const stored = findServicePrincipal(directory, graph.tenantId, principal.id);
  if (!stored) throw new Error('The service principal is not there.');
  const document = { ...stored.document, keyCredentials: [stranger.credential] };
  updateServicePrincipal(directory, { ...stored, document });
  const proofOf = (certificate: ClientCertificate) => signAssertion(certificate, claims({}, principal.id));
  expect((await addKey(proofOf(first), principal)).status).toBe(401);
  expect((await addKey(proofOf(stranger), principal)).status).toBe(200);
  expect(await keysOf(principal)).toMatchObject([{ key: second.certificate }, { key: stranger.certificate }]);
});

it.each<[string, () => string]>([
  [
    'is for Microsoft Graph',
    () => signAssertion(first, claims({ aud: '00000003-0000-0000-c000-000000000000' })),
  ],
  ['names the client id as its issuer', () => signAssertion(first, claims({ iss: appId }))],
  ['lives longer than ten minutes', () => signAssertion(first, claims({ exp: now() + 601 }))],
  ['has ended', () => signAssertion(first, claims({ nbf: now() - 901, exp: now() - 301 }))],
  ['has not begun', () => signAssertion(first, claims({ nbf: now() + 301, exp: now() + 900 }))],
  ['has no end', () => signAssertion(first, claims({ exp: undefined }))],
  ['has no beginning', () => signAssertion(first, claims({ nbf: undefined }))],
  ['is signed by a key that the application has not', () => signAssertion(stranger, claims())],
  ['is not signed', () => signAssertion(first, claims(), { alg: 'none' })],
  ['is no token', () => 'proof'],
])('takes no proof that %s', async (_name, proof) => {
  const { status, body } = await addKey(proof());
  expect([status, body.error]).toMatchObject([
    401,
    { code: 'Authentication_MissingOrMalformed', message: 'Access Token missing or malformed.' },
  ]);
  expect(await keysOf()).toHaveLength(2);
});

it('takes no proof by a certificate that has ended', async () => {
  const proof = () => addKey(signAssertion(ended, claims()));
  graph.clock.advance(3_600_000 + 1);
  token = await graph.personToken('admin', everyScope);
  expect((await proof()).status).toBe(401);
});

it('asks for a proof even of administrators', async () => {
  for (const proof of [undefined, null, '']) {
    const { status, body } = await addKey(proof);
    expect([status, body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
  }
});

it('asks for a proof of who removes a key as well', async () => {
  const [key] = (await graph.call(token, 'GET', application.path)).body.keyCredentials as { keyId: string }[];
  const remove = (proof?: string) =>
    graph.call(token, 'POST', `${application.path}/removeKey`, { keyId: key?.keyId, proof });
  expect((await remove()).status).toBe(403);
  expect((await remove(signAssertion(stranger, claims()))).status).toBe(401);
  expect(await keysOf()).toHaveLength(2);
});

it('takes a proof from five minutes before it begins to just before five minutes after its end', async () => {
  const lives = (nbf: number, exp: number) =>
    addKey(signAssertion(first, claims({ nbf: now() + nbf, exp: now() + exp })));
  expect((await lives(-900, -300)).status).toBe(401);
  expect((await lives(300, 900)).status).toBe(200);
});

it('lets nobody in who neither is the app nor may change it', async () => {
  const proof = signAssertion(first, claims());
  const sales = await graph.personToken('sales', 'Application.ReadWrite.All');
  const reader = await graph.personToken('admin', 'Application.Read.All');
  for (const caller of [sales, reader]) expect((await addKey(proof, application, caller)).status).toBe(403);
});

it.each<[string, () => object]>([
  [
    'a key that signs tokens',
    () => ({ ...asCredential(second), type: 'X509CertAndPassword', usage: 'Sign' }),
  ],
  ['no certificate', () => ({ type: 'AsymmetricX509Cert', usage: 'Verify' })],
  ['a certificate that is there', () => asCredential(first)],
])('refuses %s', async (_name, keyCredential) => {
  const { status, body } = await graph.call(token, 'POST', `${application.path}/addKey`, {
    keyCredential: keyCredential(),
    proof: signAssertion(first, claims()),
  });
  expect([status, body.error.code]).toEqual([400, 'Request_BadRequest']);
});

it('refuses a password, which belongs to keys that sign', async () => {
  const { status, body } = await graph.call(token, 'POST', `${application.path}/addKey`, {
    keyCredential: asCredential(second),
    passwordCredential: { secretText: 'opens the key' },
    proof: signAssertion(first, claims()),
  });
  expect([status, body.error]).toMatchObject([400, { details: [{ target: 'passwordCredential' }] }]);
  expect(body.error.message).toContain('keys that sign tokens');
});
