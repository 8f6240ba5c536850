import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
});

const accepting = (level: string) => ({ accept: `application/json;odata.metadata=${level}` });
const create = (headers?: Record<string, string>) =>
  graph.call(token, 'POST', '/applications', { displayName: 'CRM', tags: ['one'] }, headers);

it('names the address of what was made', async () => {
  const { headers, body } = await create();
  expect(headers.location).toBe(`http://localhost:4482/v1.0/applications/${body.id}`);
});

it('leaves out what was made for return=minimal, and says so', async () => {
  const { status, headers, body } = await create({ prefer: 'return=minimal, respond-async' });
  expect([status, body, headers['preference-applied']]).toEqual([204, {}, 'return=minimal']);
  const [, path = ''] = String(headers.location).split('/v1.0');
  expect((await graph.call(token, 'GET', path)).body.displayName).toBe('CRM');
});

it('takes away all control information but the next link and the count', async () => {
  await create();
  await create();
  const { body, headers } = await graph.call(
    token,
    'GET',
    '/applications?$top=1&$count=true&$expand=owners($select=id)',
    undefined,
    { ...accepting('none'), consistencylevel: 'eventual' },
  );
  expect(headers['content-type']).toContain('odata.metadata=none');
  expect(Object.keys(body)).toEqual(['@odata.count', '@odata.nextLink', 'value']);
  expect(body.value[0]?.owners).toEqual([{ id: graph.idOf('admin') }]);
});

it('tells every object’s type and address on request', async () => {
  const { body: made } = await create();
  const address = `http://localhost:4482/v1.0/directoryObjects/${made.id}/Microsoft.DirectoryServices.Application`;
  const full = {
    '@odata.type': '#microsoft.graph.application',
    '@odata.id': address,
    '@odata.editLink': address,
    'tags@odata.type': '#Collection(String)',
    tags: ['one'],
  };
  const one = await graph.call(token, 'GET', `/applications/${made.id}`, undefined, accepting('full'));
  expect(one.body).toMatchObject(full);
  const all = await graph.call(token, 'GET', '/applications', undefined, accepting('full'));
  expect(all.body.value).toMatchObject([full]);
});
