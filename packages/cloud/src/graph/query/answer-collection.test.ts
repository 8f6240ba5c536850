import { beforeEach, expect, it } from 'vitest';
import { anyText } from '../../testing/expected.ts';
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

it('brings the owners along, whole or by some properties', async () => {
  const owner = {
    '@odata.type': '#microsoft.graph.user',
    id: graph.idOf('admin'),
    displayName: 'Megan Bowen',
  };
  const whole = await list("$expand=owners&$filter=displayName eq 'alpha'");
  expect(whole.body.value).toMatchObject([{ displayName: 'alpha', owners: [owner] }]);
  const { body } = await list('$select=id&$expand=owners($select=id,displayName)&$top=1');
  expect(body.value).toEqual([{ id: anyText, owners: [owner] }]);
});

it('finds an application by any words of its name', async () => {
  await graph.call(token, 'POST', '/applications', { displayName: 'OneCrm hub 365' });
  const search = async (query: string) => {
    const { body } = await list(`$search=${encodeURIComponent(query)}`, eventual);
    return body.value.map(({ displayName }) => displayName);
  };
  expect(await search('"displayName:crm"')).toEqual(['OneCrm hub 365']);
  expect(await search('"displayName:36 hub"')).toEqual(['OneCrm hub 365']);
  expect(await search('"displayName:rm"')).toEqual([]);
  expect(await search('"displayName:bra" OR "displayName:onecrm" AND "displayName:hub"')).toEqual([
    'bravo',
    'OneCrm hub 365',
  ]);
});

it.each([
  ['without the header', '"displayName:crm"', {}, 'ConsistencyLevel: eventual'],
  ['without quotes', 'displayName:crm', eventual, 'Syntax error'],
  ['of what is not searched', '"notes:crm"', eventual, "property 'notes'"],
])('refuses a search %s', async (_case, query, headers, message) => {
  const { status, body } = await list(`$search=${encodeURIComponent(query)}`, headers);
  expect([status, body.error.message]).toEqual([400, expect.stringContaining(message)]);
});

it('counts on request, whatever the filter', async () => {
  const count = (query: string, headers?: Record<string, string>) =>
    graph.injectText({
      url: `/v1.0/applications/$count${query}`,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  expect(await count('', eventual)).toBe('5');
  expect(await count("?$filter=startswith(displayName,'e')", eventual)).toBe('1');
  expect(await count('')).toContain('ConsistencyLevel');
});

it.each(['displayName', 'displayName desc', 'appId'])('follows pages by %s to the end', async (order) => {
  const pages = await namesOnAllPages(`$top=2&$orderby=${order}`);
  expect(new Set(pages.flat())).toEqual(new Set(['delta', 'alpha', 'charlie', 'bravo', 'echo']));
  expect(pages.flat()).toHaveLength(5);
});

it('follows pages of a filter that no index fits', async () => {
  expect(await namesOnAllPages("$top=1&$filter=displayName in ('alpha','echo','delta')")).toEqual([
    ['alpha'],
    ['delta'],
    ['echo'],
  ]);
});

it('pages through names that are equal but for their case', async () => {
  await graph.call(token, 'POST', '/applications', { displayName: 'ALPHA' });
  const pages = await namesOnAllPages('$top=1');
  expect(pages.map(([name]) => name?.toLowerCase())).toEqual([
    'alpha',
    'alpha',
    'bravo',
    'charlie',
    'delta',
    'echo',
  ]);
});

it('finds names with letters beyond the Latin ones whatever their case', async () => {
  await graph.call(token, 'POST', '/applications', { displayName: 'Élan' });
  const { body } = await list(`$filter=${encodeURIComponent("displayName eq 'ÉLAN'")}`);
  expect(body.value).toMatchObject([{ displayName: 'Élan' }]);
});

it.each([
  '$top=0',
  '$skiptoken=nonsense',
  '$top=1000',
  '$top=many',
  '$skip=1',
  '$expand=friends',
  '$expand=owners,friends',
  '$select=colour',
  '$orderby=colour',
  "$orderby=displayName&$filter=displayName eq 'alpha'",
])('refuses %s', async (query) => {
  expect((await list(query)).status).toBe(400);
});

it.each(['$expand=owners($top=1)', '$expand=owners($expand=memberOf)', '$expand=extensionProperties'])(
  'says of %s that it is not built',
  async (query) => {
    const { status, body } = await list(query);
    expect([status, body.error.message]).toEqual([501, expect.stringContaining('$expand of')]);
  },
);

it.each(['/applications', '/me'])('refuses an option of %s that is given twice', async (path) => {
  const { status, body } = await graph.call(token, 'GET', `${path}?$select=id&$select=displayName`);
  expect([status, body.error.code]).toEqual([400, 'BadRequest']);
  expect(body.error.message).toContain("Query option '$select' was specified more than once");
});
