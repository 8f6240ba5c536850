import { beforeEach, describe, expect, it } from 'vitest';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'Application.ReadWrite.All');
});

const nested = (depth: number): unknown => (depth === 0 ? [] : [nested(depth - 1)]);

describe('a body is refused that has', () => {
  it.each<[string, object, string]>([
    [
      'a property twice, in another case',
      { displayName: 'One', DisplayName: 'Two' },
      "The property 'DisplayName' is there more than once.",
    ],
    [
      'such a property within another',
      { displayName: 'One', web: { redirectUris: [], RedirectURIs: [] } },
      "The property 'web.RedirectURIs' is there more than once.",
    ],
    ['U+0000 in a text', { displayName: 'One\0Two' }, "Invalid value specified for property 'displayName'."],
    ['U+0000 in a list', { displayName: 'One', tags: ['a', '\0'] }, "property 'tags'"],
    ['no end of depth', { displayName: 'One', tags: nested(500) }, 'nested deeper than 100 levels'],
  ])('%s', async (_name, body, message) => {
    const single = await graph.call(token, 'POST', '/applications', body);
    expect([single.status, single.body.error.message]).toEqual([400, expect.stringContaining(message)]);
    const headers = { 'content-type': 'application/json' };
    const batch = await graph.call(token, 'POST', '/$batch', {
      requests: [
        { id: '1', method: 'POST', url: '/applications', headers, body },
        { id: '2', method: 'GET', url: '/applications' },
      ],
    });
    expect(batch.body.responses).toMatchObject([{ status: 400 }, { status: 200, body: { value: [] } }]);
  });
});
