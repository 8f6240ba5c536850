import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
const eventual = { consistencylevel: 'eventual' };

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  for (const name of ['delta', 'alpha', 'charlie', 'bravo', 'echo']) {
    await graph.call(token, 'POST', '/applications', { displayName: name });
  }
});

const list = (query: string, headers?: Record<string, string>) =>
  graph.call(token, 'GET', `/applications?${query}`, undefined, headers);

async function namesOnAllPages(query: string): Promise<string[][]> {
  const pages: string[][] = [];
  let next: unknown = `/applications?${query}`;
  while (typeof next === 'string') {
    const { body } = await graph.call(token, 'GET', next);
    pages.push(body.value.map((application) => application.displayName));
    next = body['@odata.nextLink'];
  }
  return pages;
}

it('hands out pages that follow each other by the next link', async () => {
  expect(await namesOnAllPages('$top=2&$orderby=displayName desc')).toEqual([
    ['echo', 'delta'],
    ['charlie', 'bravo'],
    ['alpha'],
  ]);
});

it('keeps the other query options in the next link', async () => {
  const { body } = await list('$top=1&$select=displayName');
  expect(body['@odata.nextLink']).toMatch(
    /^http:\/\/localhost:4482\/v1\.0\/applications\?\$top=1&\$select=displayName&\$skiptoken=[\w-]+$/,
  );
  const second = await graph.call(token, 'GET', body['@odata.nextLink']);
  expect(second.body.value).toEqual([{ displayName: 'bravo' }]);
});

it('tells so when the object that a page would begin after is gone', async () => {
  const { body } = await list('$top=1');
  await graph.call(token, 'DELETE', `/applications/${body.value[0]?.id}`);
  const { status, body: refused } = await graph.call(token, 'GET', body['@odata.nextLink']);
  expect([status, refused.error?.code]).toEqual([400, 'Directory_ExpiredPageToken']);
});

it('selects the named properties and says so in the context', async () => {
  const { body } = await list("$select=displayName,signInAudience&$filter=displayName eq 'alpha'");
  expect(body).toEqual({
    '@odata.context': 'http://localhost:4482/v1.0/$metadata#applications(displayName,signInAudience)',
    value: [{ displayName: 'alpha', signInAudience: 'AzureADandPersonalMicrosoftAccount' }],
  });
});

it('counts on the first page of an advanced query', async () => {
  const { body } = await list("$count=true&$top=1&$filter=displayName ne 'echo'", eventual);
  expect(body['@odata.count']).toBe(4);
  const next = await graph.call(token, 'GET', body['@odata.nextLink'], undefined, eventual);
  expect(next.body['@odata.count']).toBeUndefined();
  expect((await list('$count=true')).body['@odata.count']).toBeUndefined();
});

it.each([
  '$top=0',
  '$top=1000',
  '$top=many',
  '$skip=1',
  '$expand=owners',
  '$select=colour',
  '$orderby=colour',
  "$orderby=displayName&$filter=displayName eq 'alpha'",
])('refuses %s', async (query) => {
  expect((await list(query)).status).toBe(400);
});
