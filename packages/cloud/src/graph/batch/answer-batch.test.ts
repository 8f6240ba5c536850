import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
});

interface Step {
  id: string;
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

async function batch(requests: object[], as = token) {
  const { status, body } = await graph.call(as, 'POST', '/$batch', { requests });
  return { status, error: body.error, steps: (body.responses ?? []) as Step[] };
}

const json = { 'Content-Type': 'application/json' };
const create = (id: string, displayName: string, dependsOn?: string[]) => ({
  id,
  method: 'POST',
  url: '/applications',
  headers: json,
  body: { displayName },
  dependsOn,
});

it('answers each request under its own id, with its own status and headers', async () => {
  const { status, steps } = await batch([
    { id: 'who', method: 'GET', url: '/me?$select=displayName' },
    { id: 'none', method: 'GET', url: "/applications(appId='c0ffee00-0000-4000-8000-000000000000')" },
    create('make', 'Batched'),
    { id: 'wrong', method: 'GET', url: '/teapots' },
    { id: 'method', method: 'DELETE', url: '/me' },
  ]);
  expect(status).toBe(200);
  const byId = Object.fromEntries(steps.map((step) => [step.id, step]));
  expect(byId.who).toMatchObject({ status: 200, body: { displayName: 'Megan Bowen' } });
  expect(byId.who?.headers['Content-Type']).toContain('application/json');
  expect(byId.none).toMatchObject({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } });
  expect(byId.make).toMatchObject({ status: 201, body: { displayName: 'Batched' } });
  expect(byId.wrong?.status).toBe(400);
  expect(byId.method?.status).toBe(405);
});

it('runs a request after those that it depends on, and not at all when one failed', async () => {
  const { steps } = await batch([
    { id: '3', method: 'GET', url: "/applications?$filter=displayName eq 'First'", dependsOn: ['2'] },
    create('2', 'Second', ['1']),
    create('1', 'First'),
    create('4', ' '),
    create('5', 'Never', ['4']),
    create('6', 'Neither', ['5']),
  ]);
  const byId = Object.fromEntries(steps.map((step) => [step.id, step]));
  expect(byId['3']?.body.value).toMatchObject([{ displayName: 'First' }]);
  expect([byId['4']?.status, byId['5']?.status, byId['6']?.status]).toEqual([400, 424, 424]);
  const { body } = await graph.call(token, 'GET', '/applications?$select=displayName');
  expect(body.value).toEqual([{ displayName: 'First' }, { displayName: 'Second' }]);
});

it('gives each request the caller’s rights and no more', async () => {
  const reader = await graph.personToken('sales', 'User.Read');
  const { steps } = await batch([create('1', 'Mine'), { id: '2', method: 'GET', url: '/me' }], reader);
  expect(steps.map(({ status }) => status)).toEqual([403, 200]);
});

it('passes on the headers of a request, and addresses its next page', async () => {
  for (const name of ['a', 'b']) await graph.call(token, 'POST', '/applications', { displayName: name });
  const { steps } = await batch([
    {
      id: '1',
      method: 'get',
      url: 'applications?$count=true&$top=1&$select=id',
      headers: { consistencylevel: 'eventual' },
    },
  ]);
  expect(steps[0]?.body['@odata.count']).toBe(2);
  expect(steps[0]?.body['@odata.nextLink']).toMatch(
    /^http:\/\/localhost:4482\/v1\.0\/applications\?\$count=true/,
  );
});

const get = (id: string, dependsOn?: string[]) => ({ id, method: 'GET', url: '/me', dependsOn });

it.each([
  ['nothing', []],
  ['more than twenty requests', Array.from({ length: 21 }, (_, index) => get(String(index)))],
  ['one id twice', [get('1'), get('1')]],
  ['an id that is empty', [get('')]],
  ['a dependency that is not there', [get('1', ['2'])]],
  ['a circle', [get('1', ['2']), get('2', ['1'])]],
  ['a request without a method', [{ id: '1', url: '/me' }]],
])('refuses a batch with %s as a whole', async (_case, requests) => {
  const { status, error } = await batch(requests);
  expect([status, error.code]).toEqual([400, 'BadRequest']);
});

it('wants to be told what a body is', async () => {
  const { steps } = await batch([
    { id: '1', method: 'POST', url: '/applications', body: { displayName: 'x' } },
  ]);
  expect(steps[0]).toMatchObject({
    status: 400,
    body: { error: { message: 'Write request id : 1 does not contain Content-Type header or body.' } },
  });
});

it('takes no batch within a batch', async () => {
  const { steps } = await batch([
    { id: '1', method: 'POST', url: '/$batch', headers: json, body: { requests: [] } },
  ]);
  expect(steps[0]?.status).toBe(400);
});
