import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
});

const path = "/applications(uniqueName='nightly-65278')";
const prefer = { prefer: 'create-if-missing' };
const upsert = (body: object, headers: Record<string, string> = prefer, as = token) =>
  graph.call(as, 'PATCH', path, body, headers);
const get = (which = path) => graph.call(token, 'GET', which);

it('makes what is not there by its unique name, and changes it from then on', async () => {
  const made = await upsert({ displayName: 'Nightly', signInAudience: 'AzureADMyOrg' });
  expect([made.status, made.body]).toMatchObject([
    201,
    { uniqueName: 'nightly-65278', displayName: 'Nightly', signInAudience: 'AzureADMyOrg' },
  ]);
  expect(made.headers.location).toBe(`http://localhost:4482/v1.0/applications/${made.body.id}`);
  const changed = await upsert({ displayName: 'Hourly' });
  expect([changed.status, changed.body]).toEqual([204, {}]);
  expect((await get()).body).toMatchObject({ id: made.body.id, displayName: 'Hourly' });
  const { body } = await graph.call(token, 'GET', `/applications/${made.body.id}/owners`);
  expect(body.value).toMatchObject([{ id: graph.idOf('admin') }]);
});

it('makes nothing unless that is preferred', async () => {
  for (const headers of [{}, { prefer: 'return=minimal' }]) {
    expect((await upsert({ displayName: 'Nightly' }, headers)).status).toBe(404);
  }
  expect((await get()).status).toBe(404);
  const both = await upsert({ displayName: 'Nightly' }, { prefer: 'return=minimal, create-if-missing' });
  expect([both.status, both.headers['preference-applied']]).toEqual([204, 'return=minimal']);
  expect((await get()).status).toBe(200);
});

it('makes nothing by a key that the service gives', async () => {
  for (const key of [
    '/c0ffee00-0000-4000-8000-000000000000',
    "(appId='c0ffee00-0000-4000-8000-000000000000')",
  ]) {
    const { status } = await graph.call(token, 'PATCH', `/applications${key}`, { displayName: 'x' }, prefer);
    expect(status).toBe(404);
  }
});

it('wants of a new one what a new one needs', async () => {
  const { status, body } = await upsert({ notes: 'nameless' });
  expect([status, body.error]).toMatchObject([
    400,
    { details: [{ code: 'PropertyRequired', target: 'displayName' }] },
  ]);
});

it('addresses everything of an application by its unique name, quotes doubled', async () => {
  const quoted = "/applications(UniqueName='o''clock')";
  await graph.call(token, 'PATCH', quoted, { displayName: 'Clock' }, prefer);
  expect((await graph.call(token, 'POST', `${quoted}/addPassword`)).status).toBe(200);
  expect((await get(`${quoted}/displayName`)).body.value).toBe('Clock');
  expect((await graph.call(token, 'DELETE', quoted)).status).toBe(204);
  expect((await get(quoted)).status).toBe(404);
});

it.each(['', '%20', 'x'.repeat(1025), 'night%00ly'])('makes none by the unique name %j', async (name) => {
  const address = `/applications(uniqueName='${name}')`;
  expect((await graph.call(token, 'PATCH', address, { displayName: 'Nightly' }, prefer)).status).toBe(400);
});

it('restores none beside another of its unique name', async () => {
  const { body: first } = await upsert({ displayName: 'First' });
  await graph.call(token, 'DELETE', path);
  const { body: second } = await upsert({ displayName: 'Second' });
  const restore = () => graph.call(token, 'POST', `/directory/deletedItems/${first.id}/restore`);
  const refused = await restore();
  expect([refused.status, refused.body.error]).toMatchObject([400, { details: [{ target: 'uniqueName' }] }]);
  await graph.call(token, 'DELETE', `/applications/${second.id}`);
  expect((await restore()).status).toBe(200);
});

it('upserts within a batch', async () => {
  const step = (id: string) => ({
    id,
    method: 'PATCH',
    url: path,
    headers: { 'Content-Type': 'application/json', Prefer: 'create-if-missing' },
    body: { displayName: 'Nightly' },
    ...(id === '2' && { dependsOn: ['1'] }),
  });
  const { body } = await graph.call(token, 'POST', '/$batch', { requests: [step('1'), step('2')] });
  expect(body.responses).toMatchObject([{ status: 201 }, { status: 204 }]);
});

it('is seen as late as any new application', async () => {
  graph.context.replication.delaySeconds = 10;
  const { body } = await upsert({ displayName: 'Nightly' });
  expect((await get(`/applications/${body.id}`)).status).toBe(404);
});

it('lets nobody change what another owns', async () => {
  await upsert({ displayName: 'Nightly' });
  const sales = await graph.personToken('sales', 'Application.ReadWrite.All');
  expect((await upsert({ displayName: 'Mine' }, prefer, sales)).status).toBe(403);
});

it('makes those owners, too, whom a create names', async () => {
  const link = (id: string) => `https://graph.microsoft.com/v1.0/users/${id}`;
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'Shared',
    'owners@odata.bind': [link(graph.idOf('sales'))],
  });
  const owners = await get(`/applications/${body.id}/owners?$select=id`);
  expect(owners.body.value.map(({ id }) => id).sort()).toEqual(
    [graph.idOf('admin'), graph.idOf('sales')].sort(),
  );
  const nobody = link('c0ffee00-0000-4000-8000-000000000000');
  const refused = { displayName: 'x', 'owners@odata.bind': [nobody] };
  expect((await graph.call(token, 'POST', '/applications', refused)).status).toBe(404);
});
