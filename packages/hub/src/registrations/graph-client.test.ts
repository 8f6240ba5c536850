import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { OutboundHttp, OutboundRequest, OutboundResponse } from '../outbound/outbound-http.ts';
import { createGraphClient, filterBy } from './graph-client.ts';

const graph = 'https://graph.microsoft.com';

function clientOf(answers: Record<string, Partial<OutboundResponse>>) {
  const requests: { url: string; request: OutboundRequest }[] = [];
  const outbound = {
    request: async (url: string, request: OutboundRequest) => {
      requests.push({ url, request });
      return { status: 200, headers: {}, body: '', ...answers[url] };
    },
  } as OutboundHttp;
  const config = { cloud: { graph } } as Parameters<typeof createGraphClient>[0]['config'];
  const clock = { now: () => 0 };
  return { requests, client: createGraphClient({ config, outbound, clock }, 'the-token') };
}

function page(ids: number[], nextLink?: string): Partial<OutboundResponse> {
  return { body: JSON.stringify({ value: ids, ...(nextLink && { '@odata.nextLink': nextLink }) }) };
}

describe('createGraphClient', () => {
  it('follows the pages of a collection', async () => {
    const next = `${graph}/v1.0/applications?$skiptoken=2`;
    const { client, requests } = clientOf({
      [`${graph}/v1.0/applications`]: page([1, 2], next),
      [next]: page([3]),
    });
    expect(await client.list('/applications', z.number())).toEqual([1, 2, 3]);
    expect(requests.map(({ request }) => request.headers?.authorization)).toEqual([
      'Bearer the-token',
      'Bearer the-token',
    ]);
  });

  it('takes the token nowhere else', async () => {
    const { client, requests } = clientOf({
      [`${graph}/v1.0/applications`]: page([1], 'https://graph.example.com/next'),
    });
    await expect(client.list('/applications', z.number())).rejects.toMatchObject({
      code: 'ANSWER_UNREADABLE',
    });
    expect(requests).toHaveLength(1);
  });

  it.each(['https://graph.microsoft.com.example/next', 'http://graph.microsoft.com/next'])(
    'takes it not even to %s, which looks alike',
    async (next) => {
      const { client, requests } = clientOf({ [`${graph}/v1.0/applications`]: page([1], next) });
      await expect(client.list('/applications', z.number())).rejects.toMatchObject({
        code: 'ANSWER_UNREADABLE',
      });
      expect(requests).toHaveLength(1);
    },
  );

  it('follows no chain of pages that has no end', async () => {
    const first = `${graph}/v1.0/applications`;
    const { client, requests } = clientOf({ [first]: page([1], first) });
    expect(await client.list('/applications', z.number())).toHaveLength(50);
    expect(requests).toHaveLength(50);
  });

  it.each([
    [299, true],
    [300, false],
    [302, false],
    [404, false],
  ])('takes %i for done: %s', async (status, isDone) => {
    const { client } = clientOf({ [`${graph}/v1.0/me`]: { status } });
    const sending = client.send('DELETE', '/me').then(
      () => true,
      () => false,
    );
    expect(await sending).toBe(isDone);
  });

  it('sends a body as JSON, and says nothing of a type without one', async () => {
    const { client, requests } = clientOf({});
    await client.send('DELETE', '/me');
    await client.send('PATCH', '/me', { a: 1 });
    expect(requests.map(({ request }) => [request.body, request.headers?.['content-type']])).toEqual([
      [undefined, undefined],
      ['{"a":1}', 'application/json'],
    ]);
  });

  it.each([
    ['cut off', '{"id": "1'],
    ['a page of a proxy', '<html>Welcome</html>'],
    ['of another shape', '{"value": []}'],
  ])('takes an answer that is %s for none', async (_case, body) => {
    const { client } = clientOf({ [`${graph}/v1.0/me`]: { body } });
    await expect(client.get('/me', z.object({ id: z.string() }))).rejects.toMatchObject({
      code: 'ANSWER_UNREADABLE',
    });
  });

  it('takes a refusal apart, a proxy’s page included', async () => {
    const { client } = clientOf({
      [`${graph}/v1.0/me`]: {
        status: 502,
        headers: { 'request-id': 'r-2' },
        body: '<html>Bad gateway</html>',
      },
    });
    await expect(client.get('/me', z.unknown())).rejects.toMatchObject({
      name: 'GraphError',
      status: 502,
      code: '',
      message: 'Microsoft Graph answered with HTTP 502.',
      remote: { traceId: 'r-2' },
    });
  });
});

describe('filterBy', () => {
  it('doubles quotes and encodes the rest', () => {
    expect(filterBy('displayName', "O'Neil & Söhne")).toBe(
      "$filter=displayName%20eq%20'O''Neil%20%26%20S%C3%B6hne'",
    );
  });
});
