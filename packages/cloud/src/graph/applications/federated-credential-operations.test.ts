import { beforeEach, expect, it } from 'vitest';
import { textLike } from '../../testing/expected.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let path: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body } = await graph.call(token, 'POST', '/applications', { displayName: 'CI' });
  path = `/applications/${body.id}/federatedIdentityCredentials`;
});

const main = {
  name: 'main-branch',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:contoso/crm:ref:refs/heads/main',
  audiences: ['api://AzureADTokenExchange'],
};
const create = (changes: object = {}) => graph.call(token, 'POST', path, { ...main, ...changes });

it('keeps a credential, finds it by id and by name, changes and deletes it', async () => {
  const { status, body } = await create();
  expect([status, body]).toEqual([
    201,
    {
      '@odata.context': `http://localhost:4482/v1.0/$metadata#applications('${path.split('/')[2]}')/federatedIdentityCredentials/$entity`,
      id: textLike(/^[0-9a-f-]{36}$/),
      description: null,
      ...main,
    },
  ]);
  expect((await graph.call(token, 'GET', path)).body.value).toMatchObject([main]);
  const changed = await graph.call(token, 'PATCH', `${path}/${body.id}`, { subject: 'repo:contoso/crm:tag' });
  expect(changed.status).toBe(204);
  expect((await graph.call(token, 'GET', `${path}/${main.name}`)).body).toMatchObject({
    ...main,
    subject: 'repo:contoso/crm:tag',
  });
  expect((await graph.call(token, 'DELETE', `${path}/${body.id}`)).status).toBe(204);
  expect((await graph.call(token, 'GET', `${path}/${body.id}`)).status).toBe(404);
});

it('survives other changes to the application', async () => {
  await create();
  await graph.call(token, 'PATCH', path.replace('/federatedIdentityCredentials', ''), { displayName: 'CD' });
  expect((await graph.call(token, 'GET', path)).body.value).toMatchObject([main]);
});

it.each([
  ['the same name again', {}, 409],
  ['the same issuer and subject again', { name: 'other' }, 400],
  ['a name with spaces', { name: 'a b', subject: 'x' }, 400],
  ['an issuer that is no URL', { name: 'other', subject: 'x', issuer: 'github' }, 400],
  ['no subject', { name: 'other', subject: undefined }, 400],
  ['two audiences', { name: 'other', subject: 'x', audiences: ['a', 'b'] }, 400],
])('refuses %s', async (_case, changes, expected) => {
  await create();
  expect((await create(changes)).status).toBe(expected);
});

it('keeps twenty of them, no more', async () => {
  const make = (number: number) => create({ name: `n${number}`, subject: `s${number}` });
  for (let number = 0; number < 20; number += 1) expect((await make(number)).status).toBe(201);
  expect((await make(20)).status).toBe(400);
});

it('lets owners and administrators alone change them', async () => {
  const sales = await graph.personToken('sales', 'Application.ReadWrite.All');
  expect((await graph.call(sales, 'POST', path, main)).status).toBe(403);
});
