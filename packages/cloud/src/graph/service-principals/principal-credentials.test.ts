import { beforeEach, expect, it } from 'vitest';
import { checkClientSecret } from '../../directory/client-secrets.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { textLike } from '../../testing/expected.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let path: string;
let principalId: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body: application } = await graph.call(token, 'POST', '/applications', { displayName: 'Nightly' });
  const { body } = await graph.call(token, 'POST', '/servicePrincipals', { appId: application.appId });
  principalId = body.id;
  path = `/servicePrincipals/${principalId}`;
});

const secretsNow = () =>
  findServicePrincipal(graph.context.directory, graph.tenantId, principalId)?.document.secrets ?? [];
const accepts = (secretText: string) =>
  checkClientSecret(graph.context.directory, '', secretText, secretsNow()).accepted;

it('makes a secret of the service principal’s own, newest first, and never shows its text again', async () => {
  const first = await graph.call(token, 'POST', `${path}/addPassword`);
  const { status, body } = await graph.call(token, 'POST', `${path}/addPassword`, {
    passwordCredential: { displayName: 'second', endDateTime: '2026-07-01T00:00:00Z' },
  });
  expect([first.status, status]).toEqual([200, 200]);
  expect(body).toEqual({
    '@odata.context': 'http://localhost:4482/v1.0/$metadata#microsoft.graph.passwordCredential',
    customKeyIdentifier: null,
    displayName: 'second',
    keyId: textLike(/^[0-9a-f-]{36}$/),
    startDateTime: '2026-01-15T10:00:00Z',
    endDateTime: '2026-07-01T00:00:00Z',
    hint: body.secretText.slice(0, 3),
    secretText: textLike(/^\S{40}$/),
  });
  expect([accepts(body.secretText), accepts(first.body.secretText)]).toEqual([true, true]);
  const read = await graph.call(token, 'GET', path);
  expect(read.body.passwordCredentials).toMatchObject([
    { keyId: body.keyId, displayName: 'second', secretText: null },
    { keyId: first.body.keyId },
  ]);
  expect(JSON.stringify(read.body)).not.toContain(body.secretText);
});

it.each([
  ['displayName', { displayName: 'x'.repeat(121) }],
  ['endDateTime', { endDateTime: 'soon' }],
  ['endDateTime', { startDateTime: '2026-03-01T00:00:00Z', endDateTime: '2026-03-01T00:00:00Z' }],
  ['secretText', { secretText: 'mine' }],
])('refuses by its name a %s that can’t be taken', async (property, passwordCredential) => {
  const { status, body } = await graph.call(token, 'POST', `${path}/addPassword`, { passwordCredential });
  const target = `passwordCredential.${property}`;
  expect([status, body.error]).toMatchObject([400, { details: [{ target }] }]);
  expect(secretsNow()).toEqual([]);
});

it('makes a secret that lives for two years unless the caller says otherwise', async () => {
  const { body } = await graph.call(token, 'POST', `${path}/addPassword`);
  expect(body.endDateTime).toBe('2028-01-15T10:00:00Z');
});

it('removes a secret once', async () => {
  const { body } = await graph.call(token, 'POST', `${path}/addPassword`);
  const remove = () => graph.call(token, 'POST', `${path}/removePassword`, { keyId: body.keyId });
  expect((await remove()).status).toBe(204);
  expect(accepts(body.secretText)).toBe(false);
  expect((await remove()).body.error.message).toBe(
    `No password credential found with keyId '${body.keyId}'.`,
  );
});

it('lets a person change what they own, and nobody else who is no administrator', async () => {
  const sales = await graph.personToken('sales', 'Application.ReadWrite.All');
  const add = () => graph.call(sales, 'POST', `${path}/addPassword`);
  const disable = () => graph.call(sales, 'PATCH', path, { accountEnabled: false });
  expect([(await add()).status, (await disable()).status]).toEqual([403, 403]);
  await graph.call(token, 'POST', `${path}/owners/$ref`, {
    '@odata.id': `https://graph.microsoft.com/v1.0/users/${graph.idOf('sales')}`,
  });
  expect([(await add()).status, (await disable()).status]).toEqual([200, 204]);
});
