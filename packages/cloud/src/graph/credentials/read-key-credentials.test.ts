import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { makeClientCertificate } from '../../jwt/testing/client-certificate.ts';
import { textLike } from '../../testing/expected.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let key: string;
beforeAll(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  key = (await makeClientCertificate(graph.clock.now())).certificate;
});

async function createApp(body: object = {}): Promise<string> {
  const { body: made } = await graph.call(token, 'POST', '/applications', { displayName: 'Signs', ...body });
  return made.id;
}

it('keeps a certificate that comes with a new application, and does not show its key again', async () => {
  const id = await createApp({ keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key }] });
  const { body } = await graph.call(token, 'GET', `/applications/${id}`);
  expect(body.keyCredentials).toEqual([
    expect.objectContaining({
      key: null,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      displayName: 'CN=integration',
      keyId: textLike(/^[0-9a-f-]{36}$/),
      customKeyIdentifier: createHash('sha1').update(key, 'base64').digest('hex').toUpperCase(),
      startDateTime: textLike(/:\d\dZ$/),
    }),
  ]);
});

it('keeps the key of an entry that is sent back as it was read', async () => {
  const id = await createApp({ keyCredentials: [{ key }] });
  const { body } = await graph.call(token, 'GET', `/applications/${id}`);
  const { keyCredentials } = body;
  expect((await graph.call(token, 'PATCH', `/applications/${id}`, { keyCredentials })).status).toBe(204);
  const after = await graph.call(token, 'GET', `/applications/${id}`);
  expect(after.body.keyCredentials).toEqual(keyCredentials);
});

it('shows the keys of one application where they are selected by name', async () => {
  const id = await createApp({ keyCredentials: [{ key }] });
  const one = await graph.call(token, 'GET', `/applications/${id}?$select=id,keyCredentials`);
  expect(one.body.keyCredentials).toEqual([expect.objectContaining({ key })]);
  const { keyCredentials } = one.body;
  expect((await graph.call(token, 'PATCH', `/applications/${id}`, { keyCredentials })).status).toBe(204);
  const many = await graph.call(token, 'GET', `/applications?$filter=id eq '${id}'&$select=keyCredentials`);
  expect(many.body.value[0]?.keyCredentials).toEqual([expect.objectContaining({ key: null })]);
});

it('keeps the identifier and the times that the caller gives', async () => {
  const given = {
    customKeyIdentifier: 'bmlnaHRseQ==',
    startDateTime: '2026-01-15T00:00:00Z',
    endDateTime: '2026-01-20T00:00:00Z',
  };
  const id = await createApp({ keyCredentials: [{ key, ...given }] });
  expect((await graph.call(token, 'GET', `/applications/${id}`)).body.keyCredentials).toMatchObject([given]);
});

it('removes what a change leaves out', async () => {
  const id = await createApp({ keyCredentials: [{ key }] });
  await graph.call(token, 'PATCH', `/applications/${id}`, { keyCredentials: [] });
  expect((await graph.call(token, 'GET', `/applications/${id}`)).body.keyCredentials).toEqual([]);
});

it.each<[string, string, () => object]>([
  ['is no certificate', 'key', () => ({ key: 'aGVsbG8=' })],
  ['has no key', 'key', () => ({ displayName: 'nothing' })],
  ['is of another kind', 'type', () => ({ key, type: 'Symmetric' })],
  ['signs instead of verifying', 'usage', () => ({ key, usage: 'Sign' })],
  ['lives longer than its certificate', 'endDateTime', () => ({ key, endDateTime: '2099-01-01T00:00:00Z' })],
  ['begins before its certificate', 'startDateTime', () => ({ key, startDateTime: '2001-01-01T00:00:00Z' })],
  ['begins at no time', 'startDateTime', () => ({ key, startDateTime: 'soon' })],
])('refuses a credential that %s, by the name of its %s', async (_name, property, credential) => {
  const { status, body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'Signs',
    keyCredentials: [credential()],
  });
  expect([status, body.error]).toMatchObject([
    400,
    { code: 'Request_BadRequest', details: [{ target: `keyCredentials.${property}` }] },
  ]);
});
