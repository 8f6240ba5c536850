import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let id: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body } = await graph.call(token, 'POST', '/applications', { displayName: 'CRM integration' });
  id = body.id;
});

const addOwner = (reference: string, path = `/applications/${id}/owners/$ref`) =>
  graph.call(token, 'POST', path, { '@odata.id': reference });
const directoryObject = (objectId: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${objectId}`;

it('makes the caller the owner of what they register', async () => {
  const { body } = await graph.call(token, 'GET', `/applications/${id}/owners`);
  expect(body.value).toMatchObject([{ id: graph.idOf('admin') }]);
});

it('adds an owner by reference, whose word then counts', async () => {
  const sales = await graph.personToken('sales', 'Application.ReadWrite.All');
  const rename = () => graph.call(sales, 'PATCH', `/applications/${id}`, { displayName: 'Mine' });
  expect((await rename()).status).toBe(403);
  expect((await addOwner(directoryObject(graph.idOf('sales')))).status).toBe(204);
  expect((await rename()).status).toBe(204);
});

it('takes the reference segment percent-encoded as well', async () => {
  const { status } = await addOwner(
    directoryObject(graph.idOf('sales')),
    `/applications/${id}/owners/%24ref`,
  );
  expect(status).toBe(204);
});

it.each([
  ['an owner who is one already', () => directoryObject(graph.idOf('admin')), 400],
  ['somebody who does not exist', () => directoryObject('c0ffee00-0000-4000-8000-000000000000'), 404],
  ['an object that can own nothing', () => directoryObject(id), 400],
  ['something that is no reference', () => 'somebody', 400],
])('refuses %s', async (_case, reference, expected) => {
  expect((await addOwner(reference())).status).toBe(expected);
});

it('removes an owner, whose word then counts no more', async () => {
  await addOwner(directoryObject(graph.idOf('sales')));
  const remove = () => graph.call(token, 'DELETE', `/applications/${id}/owners/${graph.idOf('sales')}/$ref`);
  expect((await remove()).status).toBe(204);
  expect((await remove()).status).toBe(404);
  const sales = await graph.personToken('sales', 'Application.ReadWrite.All');
  const renamed = await graph.call(sales, 'PATCH', `/applications/${id}`, { displayName: 'Mine' });
  expect(renamed.status).toBe(403);
});
