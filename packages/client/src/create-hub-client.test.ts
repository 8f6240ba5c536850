import { createServer, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createHubClient, HubProblemError, HubUnreachableError, type Problem, readProblem } from './index.ts';

interface Seen {
  method: string;
  url: string;
  authorization: string | undefined;
  contentType: string | undefined;
  links: string | string[] | undefined;
  retry: string | string[] | undefined;
  body: string;
}

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A hub on a real socket that records what it was asked and answers as told. */
async function listen(answer: (response: ServerResponse) => void) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        authorization: request.headers.authorization,
        contentType: request.headers['content-type'],
        links: request.headers['latchkey-links'],
        retry: request.headers['latchkey-retry'],
        body,
      });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  closers.push(close);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return { baseUrl: `http://127.0.0.1:${address.port}`, seen, close };
}

function json(status: number, body: unknown, mediaType = 'application/json') {
  return (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': mediaType }).end(JSON.stringify(body));
  };
}

const problem: Problem = {
  type: 'about:blank',
  status: 422,
  instance: 'req-1',
  code: 'invalid_body',
  title: 'The body is not valid',
  detail: 'One field needs a change.',
  whoActs: 'user',
  remedy: 'Change the field and send it again.',
  remote: null,
  errors: [{ path: 'name', message: 'must not be empty' }],
};

describe('calls', () => {
  it('sends the API key and reads the answer', async () => {
    const hub = await listen(json(200, { items: [], nextCursor: null }));
    const client = createHubClient({ baseUrl: `${hub.baseUrl}/`, apiKey: 'lk_one' });

    expect(await client.connections.list({ limit: 5, cursor: 'a b' })).toEqual({
      items: [],
      nextCursor: null,
    });
    expect(hub.seen).toEqual([
      {
        method: 'GET',
        url: '/api/v1/connections?limit=5&cursor=a+b',
        authorization: 'Bearer lk_one',
        contentType: undefined,
        body: '',
      },
    ]);
  });

  it.each([
    ['connections.create', 'POST', '/api/v1/connections', 'method'],
    ['connections.update', 'PATCH', '/api/v1/connections/c%2F1', 'name'],
    ['registrations.signIn', 'POST', '/api/v1/registrations/c%2F1/sign-in', 'administratorSignIn'],
    ['session.enter', 'POST', '/api/v1/session', 'code'],
    ['environmentAddress.parse', 'POST', '/api/v1/environment-address', 'address'],
    ['apiKeys.create', 'POST', '/api/v1/api-keys', 'name'],
  ])('sends the body of %s as JSON', async (call, method, url, field) => {
    const hub = await listen(json(200, {}));
    const client = createHubClient({ baseUrl: hub.baseUrl });
    const calls: Record<string, () => Promise<unknown>> = {
      'connections.create': () =>
        client.connections.create({ method: 'sign_in', environmentUrl: 'https://contoso.crm4.dynamics.com' }),
      'connections.update': () => client.connections.update('c/1', { name: 'Sales' }),
      'registrations.signIn': () =>
        client.registrations.signIn('c/1', { administratorSignIn: 'device_code' }),
      'session.enter': () => client.session.enter('one-time'),
      'environmentAddress.parse': () => client.environmentAddress.parse('contoso.crm4.dynamics.com'),
      'apiKeys.create': () => client.apiKeys.create({ name: 'Nightly export' }),
    };
    await calls[call]?.();

    expect(hub.seen[0]).toMatchObject({ method, url, contentType: 'application/json' });
    expect(JSON.parse(hub.seen[0]?.body ?? '')).toHaveProperty(field);
  });

  it('asks for a token that lives long enough, where it is told how long that is', async () => {
    const hub = await listen(json(200, {}));
    const client = createHubClient({ baseUrl: hub.baseUrl });
    await client.connections.token('c/1', { minimumLifeSeconds: 2700 });
    await client.connections.token('c/1');
    expect(hub.seen.map(({ url }) => url)).toEqual([
      '/api/v1/connections/c%2F1/token?minimumLifeSeconds=2700',
      '/api/v1/connections/c%2F1/token',
    ]);
  });

  it('tells in how long to ask again', async () => {
    const hub = await listen(json(503, { ...problem, retryAfterSeconds: 7 }, 'application/problem+json'));
    const client = createHubClient({ baseUrl: hub.baseUrl });
    await expect(client.connections.token('c1')).rejects.toMatchObject({ problem: { retryAfterSeconds: 7 } });
  });

  it('sends calls without a body without a content type, since an empty JSON body is malformed', async () => {
    const hub = await listen(json(200, {}));
    const client = createHubClient({ baseUrl: hub.baseUrl });
    await client.connections.test('c1');
    await client.connections.refresh('c1');
    await client.connections.signIn('c1');
    await client.registrations.retry('r1');
    await client.registrations.undo('r1');

    expect(hub.seen.map(({ url }) => url)).toEqual([
      '/api/v1/connections/c1/test',
      '/api/v1/connections/c1/refresh',
      '/api/v1/connections/c1/sign-in',
      '/api/v1/registrations/r1/retry',
      '/api/v1/registrations/r1/undo',
    ]);
    expect(hub.seen.every(({ contentType, body }) => contentType === undefined && body === '')).toBe(true);
  });

  it('takes 204 for an answer', async () => {
    const hub = await listen((response) => response.writeHead(204).end());
    const client = createHubClient({ baseUrl: hub.baseUrl });

    await expect(client.connections.delete('c1')).resolves.toBeUndefined();
    await expect(client.apiKeys.revoke('k1')).resolves.toBeUndefined();
    await expect(client.session.end()).resolves.toBeUndefined();
  });
});

describe('failures', () => {
  it("throws the hub's problem with its field errors", async () => {
    const hub = await listen(json(422, problem, 'application/problem+json; charset=utf-8'));
    const client = createHubClient({ baseUrl: hub.baseUrl });

    const error = await client.apiKeys.create({ name: '' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HubProblemError);
    expect(error).toMatchObject({ problem, message: 'invalid_body: One field needs a change.' });
  });

  it.each([
    ['a gateway page', 502, 'text/html', '<html>Bad Gateway</html>'],
    ['a page with status 200', 200, 'text/html', '<html>Hello</html>'],
    ['a cut-off problem', 500, 'application/problem+json', '{"code":"inter'],
    ['JSON of something else', 404, 'application/json', '{"message":"Not Found"}'],
  ])('explains %s as an answer that is not the hub’s', async (_, status, mediaType, body) => {
    const hub = await listen((response) =>
      response.writeHead(status, { 'content-type': mediaType }).end(body),
    );
    const client = createHubClient({ baseUrl: hub.baseUrl });

    await expect(client.settings.get()).rejects.toMatchObject({
      name: 'HubProblemError',
      problem: { code: 'unexpected_answer', status },
    });
  });

  it('says that the hub is not reachable, and keeps the cause', async () => {
    const hub = await listen(json(200, {}));
    await hub.close();
    const client = createHubClient({ baseUrl: hub.baseUrl, apiKey: 'lk_secret' });

    const error = await client.session.get().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HubUnreachableError);
    expect(error).toMatchObject({ baseUrl: hub.baseUrl, cause: expect.any(TypeError) });
    expect(String(error)).not.toContain('lk_secret');
  });

  it('hands an abort back as an abort', async () => {
    const hub = await listen(() => undefined);
    const client = createHubClient({ baseUrl: hub.baseUrl });
    const controller = new AbortController();
    const pending = client.settings.get({ signal: controller.signal });
    controller.abort();

    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('request', () => {
  it('keeps the query of the path as it is and adds pairs percent-encoded', async () => {
    const hub = await listen(json(200, { value: [] }));
    const client = createHubClient({ baseUrl: hub.baseUrl, apiKey: 'lk_one' });
    await client.connections.request('c1', 'GET', '/api/data/v9.2/accounts?$select=name&fetch=a+b', {
      query: { $filter: "name eq 'A & B'" },
    });

    expect(hub.seen[0]?.url).toBe(
      '/api/v1/connections/c1/proxy/api/data/v9.2/accounts?$select=name&fetch=a+b&%24filter=name%20eq%20%27A%20%26%20B%27',
    );
  });

  it('passes method, headers and body, and the answer back, an error included', async () => {
    const hub = await listen(json(404, { error: { code: '0x80040217', message: 'Does not exist' } }));
    const client = createHubClient({ baseUrl: hub.baseUrl, apiKey: 'lk_one' });
    const response = await client.connections.request('c1', 'PATCH', 'api/data/v9.2/accounts(1)', {
      headers: { 'content-type': 'application/json', 'if-match': '*', authorization: 'Bearer other' },
      body: '{"name":"Contoso"}',
    });

    expect(hub.seen[0]).toMatchObject({
      method: 'PATCH',
      url: '/api/v1/connections/c1/proxy/api/data/v9.2/accounts(1)',
      contentType: 'application/json',
      body: '{"name":"Contoso"}',
    });
    expect(response.status).toBe(404);
    expect(await readProblem(response)).toBeNull();
    expect(await response.json()).toMatchObject({ error: { code: '0x80040217' } });
  });

  it('tells a failure of the hub apart', async () => {
    const hub = await listen(json(409, { ...problem, code: 'needs_sign_in' }, 'application/problem+json'));
    const client = createHubClient({ baseUrl: hub.baseUrl });
    const response = await client.connections.request('c1', 'GET', '/api/data/v9.2/WhoAmI');

    expect(await readProblem(response)).toMatchObject({ code: 'needs_sign_in' });
  });

  it.each(['/../token', '/%2e%2e/token', '/api/../../token', String.raw`\..\..\token`])(
    'refuses the path %s, which leaves the proxy',
    async (path) => {
      const hub = await listen(json(200, { accessToken: 'secret' }));
      const client = createHubClient({ baseUrl: hub.baseUrl });

      await expect(client.connections.request('c1', 'GET', path)).rejects.toThrow(TypeError);
      expect(hub.seen).toEqual([]);
    },
  );

  it('says where links shall lead and what is made again, and follows a link of the hub as it is', async () => {
    const hub = await listen(json(200, {}));
    const client = createHubClient({ baseUrl: hub.baseUrl, apiKey: 'lk_one' });
    const first = '/api/data/v9.2/accounts';
    await client.connections.request('c1', 'GET', first, { links: 'hub', retry: 'never' });
    const next = `${hub.baseUrl}/api/v1/connections/c1/proxy${first}?$skiptoken=%3Ccookie%22`;
    await client.connections.request('c1', 'GET', next, { links: 'hub' });

    expect(hub.seen).toMatchObject([
      { links: 'hub', retry: 'never' },
      { links: 'hub', retry: undefined },
    ]);
    expect(hub.baseUrl + hub.seen[1]?.url).toBe(next);
    await expect(client.connections.request('c2', 'GET', next)).resolves.toBeDefined();
    expect(hub.seen[2]?.url).toContain('/connections/c2/proxy/http');
  });

  it('names the address that stands in for an environment', () => {
    const client = createHubClient({ baseUrl: 'https://hub.example/' });
    expect(client.connections.environmentUrl('c1')).toBe(
      'https://hub.example/api/v1/connections/c1/environment/',
    );
  });

  it('lets its own API key win over an authorization header of the caller', async () => {
    const hub = await listen(json(200, {}));
    const client = createHubClient({ baseUrl: hub.baseUrl, apiKey: 'lk_one' });
    await client.connections.request('c1', 'GET', '/api/data/v9.2/WhoAmI', {
      headers: { Authorization: 'Bearer other' },
    });

    expect(hub.seen[0]?.authorization).toBe('Bearer lk_one');
  });
});
