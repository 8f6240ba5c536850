import { beforeEach, describe, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', `${everyScope} User.Read.All`);
});

const refusal = async (path: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE' = 'GET') => {
  const { status, body } = await graph.call(token, method, path);
  return [status, body.error.code, body.error.message];
};

describe('what the real Graph has and this one hasn’t', () => {
  it.each([
    ['/devices', 'devices'],
    ['/Sites/root', 'Sites'],
    ['/subscribedSkus', 'subscribedSkus'],
    ['/$metadata', '$metadata'],
    ['/me/messages', 'messages'],
    ["/users('admin@contoso.onmicrosoft.com')/manager", 'manager'],
    ['/users/admin@contoso.onmicrosoft.com/mailFolders/inbox/messages', 'mailFolders'],
    ['/users/delta', 'delta'],
    ['/users/delta()', 'delta()'],
    ['/me/memberOf/microsoft.graph.administrativeUnit', 'microsoft.graph.administrativeUnit'],
    ['/me/memberOf/$ref', '$ref'],
    ['/applications/c0ffee00-0000-4000-8000-000000000000/extensionProperties', 'extensionProperties'],
    ['/directory/administrativeUnits', 'administrativeUnits'],
    ['/directory', '/directory'],
  ])('is 501 by name: %s', async (path, name) => {
    expect(await refusal(path)).toEqual([
      501,
      'NotImplemented',
      `'${name}' is not available in the local Microsoft Graph.`,
    ]);
  });

  it('is 501 for a method that the real one has there', async () => {
    expect(await refusal('/organization/c0ffee00-0000-4000-8000-000000000000', 'PATCH')).toEqual([
      501,
      'NotImplemented',
      "PATCH of '/organization/*' is not available in the local Microsoft Graph.",
    ]);
  });

  it('is told of what is no JSON, too', async () => {
    const { status, body } = await graph.inject({
      method: 'PUT',
      url: '/v1.0/me/photo/$value',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg' },
      payload: Buffer.from([0xff, 0xd8, 0xff]),
    });
    expect([status, body.error.code]).toEqual([501, 'NotImplemented']);
  });

  it('is told in a batch as well', async () => {
    const requests = [{ id: '1', method: 'GET', url: '/me/messages' }];
    const { body } = await graph.call(token, 'POST', '/$batch', { requests });
    expect(body.responses).toMatchObject([{ status: 501, body: { error: { code: 'NotImplemented' } } }]);
  });
});

describe('what nobody has', () => {
  it.each([
    ['/teapots', 'teapots'],
    ['/teapots/1/spouts', 'teapots'],
    ['/me/teapots', 'teapots'],
    ['/users/admin@contoso.onmicrosoft.com/memberOff', 'memberOff'],
    ['/users/admin@contoso.onmicrosoft.com/displayName/x', 'x'],
    ['/organisation', 'organisation'],
    ['/directory/teapots/1', 'teapots'],
  ])('is 400 by the segment that leads nowhere: %s', async (path, segment) => {
    expect(await refusal(path)).toEqual([
      400,
      'BadRequest',
      `Resource not found for the segment '${segment}'.`,
    ]);
  });

  it.each(['//me', '/me//memberOf'])('is 400 where a segment is empty: %s', async (path) => {
    expect(await refusal(path)).toEqual([
      400,
      'BadRequest',
      expect.stringMatching(/^Empty segment encountered in request URL\./),
    ]);
  });

  it('is 405 for a method that nobody has there', async () => {
    expect(await refusal('/me/memberOf', 'DELETE')).toEqual([
      405,
      'Request_BadRequest',
      'Specified HTTP method is not allowed for the request target.',
    ]);
  });

  it.each(['/me', '/v2.0/me', '/'])('is told of a version: %s', async (url) => {
    const { status, body } = await graph.inject({ url });
    expect([status, body.error.message]).toEqual([400, `Invalid version: ${url.split('/')[1]}`]);
  });
});

describe('beta', () => {
  const beta = 'http://localhost:4482/beta';

  it('answers what v1.0 has, and names itself in contexts and links', async () => {
    const { body } = await graph.call(token, 'GET', `${beta}/users?$top=1&$select=id`);
    expect(body['@odata.context']).toBe(`${beta}/$metadata#users(id)`);
    expect(body['@odata.nextLink']).toContain(`${beta}/users?`);
    expect((await graph.call(token, 'GET', body['@odata.nextLink'])).body.value).toHaveLength(1);
  });

  it('has batches, whose answers are of beta too', async () => {
    const requests = [{ id: '1', method: 'GET', url: '/me?$select=id' }];
    const { body } = await graph.call(token, 'POST', `${beta}/$batch`, { requests });
    expect(body.responses).toMatchObject([
      { body: { '@odata.context': `${beta}/$metadata#users(id)/$entity` } },
    ]);
  });

  it('refuses what v1.0 refuses', async () => {
    expect((await graph.call(token, 'GET', `${beta}/devices`)).status).toBe(501);
    expect((await graph.call(token, 'GET', `${beta}/teapots`)).status).toBe(400);
  });
});

describe('a single property', () => {
  it('is read by its name', async () => {
    const { body } = await graph.call(token, 'GET', '/me/DisplayName');
    expect(body).toEqual({
      '@odata.context': `http://localhost:4482/v1.0/$metadata#users('${graph.idOf('admin')}')/displayName`,
      value: 'Megan Bowen',
    });
  });

  it('is read bare by $value', async () => {
    const headers = { authorization: `Bearer ${token}` };
    expect(await graph.injectText({ url: '/v1.0/me/displayName/$value', headers })).toBe('Megan Bowen');
    expect(await graph.injectText({ url: '/v1.0/me/accountEnabled/$value', headers })).toBe('true');
    expect((await graph.inject({ url: '/v1.0/me/officeLocation/$value', headers })).status).toBe(204);
    expect((await graph.inject({ url: '/v1.0/me/businessPhones/$value', headers })).status).toBe(400);
  });

  it('has no content when it is null', async () => {
    expect((await graph.call(token, 'GET', '/me/officeLocation')).status).toBe(204);
  });
});
