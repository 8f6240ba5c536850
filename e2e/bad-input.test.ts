import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callHub } from './support/call-hub.ts';
import { readWholeProblem } from './support/read-whole-problem.ts';
import { type Product, startProduct } from './support/start-product.ts';

const limitBytes = 1024 * 1024;
const someId = '11111111-2222-4333-8444-555555555555';
const connections = '/api/v1/connections';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.close());

describe('a request', () => {
  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/token'],
    ['GET', '/token-facts'],
    ['POST', '/test'],
    ['POST', '/refresh'],
    ['POST', '/sign-in'],
    ['GET', '/proxy/api/data/v9.2/accounts'],
    ['POST', '/proxy/api/data/v9.2/accounts'],
  ])('for a connection that is none: %s …%s', async (method, action) => {
    const answer = await callHub(product, `${connections}/${someId}${action}`, { method });
    expect(await readWholeProblem(answer)).toMatchObject({ status: 404, code: 'connection_not_found' });
  });

  it('with no key, a wrong key and a revoked key', async () => {
    const withKey = (authorization: string) => callHub(product, connections, { headers: { authorization } });
    expect(await readWholeProblem(await withKey(''))).toMatchObject({ status: 401, code: 'not_signed_in' });
    const wrongKey = `${product.apiKey.slice(0, -4)}0000`;
    expect(await readWholeProblem(await withKey(`Bearer ${wrongKey}`))).toMatchObject({
      status: 401,
      code: 'api_key_unknown',
    });

    const { id, key } = await product.client.apiKeys.create({ name: 'to be revoked' });
    expect((await withKey(`Bearer ${key}`)).status).toBe(200);
    await product.client.apiKeys.revoke(id);
    expect(await readWholeProblem(await withKey(`Bearer ${key}`))).toMatchObject({
      status: 401,
      code: 'api_key_revoked',
    });
  });

  it('whose body is not JSON, too large, or something else', async () => {
    const post = (body: unknown, headers = {}) =>
      callHub(product, connections, { method: 'POST', body, headers });
    expect(await readWholeProblem(await post('{"method":'))).toMatchObject({
      status: 400,
      code: 'malformed_json',
    });
    expect(await readWholeProblem(await post(''))).toMatchObject({ status: 400, code: 'malformed_json' });
    const large = { description: 'x'.repeat(limitBytes) };
    expect(await readWholeProblem(await post(large))).toMatchObject({ status: 413, code: 'body_too_large' });
    const xml = await post('<connection/>', { 'content-type': 'application/xml' });
    expect(await readWholeProblem(xml)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    expect(await readWholeProblem(await post({ method: 'manual', clientId: 'x' }))).toMatchObject({
      status: 422,
      code: 'invalid_body',
      errors: [{ path: 'environmentUrl' }, { path: 'clientId' }],
    });
  });

  it('for something that is not there', async () => {
    expect(await readWholeProblem(await callHub(product, '/api/v1/nothing'))).toMatchObject({
      status: 404,
      code: 'route_not_found',
    });
  });
});

describe('a typed address', () => {
  it.each([
    'https://www.contoso.com/dynamics',
    'https://login.microsoftonline.com',
    'https://contoso.sharepoint.com',
    'https://contoso.crm4.dynamics.com.evil.example',
    'http://169.254.169.254/latest/meta-data',
    'ftp://contoso.crm4.dynamics.com',
    'not an address',
    '',
  ])('of an environment that is none: %s', async (address) => {
    const expected = { status: 422, code: 'environment_address_invalid' };
    const understood = await callHub(product, '/api/v1/environment-address', {
      method: 'POST',
      body: { address },
    });
    expect(await readWholeProblem(understood)).toMatchObject(expected);
  });

  it('of an environment that is none keeps a connection from being saved', async () => {
    const body = { method: 'sign_in', environmentUrl: 'https://www.contoso.com', clientId: someId };
    expect(
      await readWholeProblem(await callHub(product, connections, { method: 'POST', body })),
    ).toMatchObject({
      status: 422,
      code: 'environment_address_invalid',
      errors: [{ path: 'environmentUrl' }],
    });
  });

  it.each([
    'http://169.254.169.254/latest/api/token',
    'http://10.0.0.1/oauth2/token',
    'https://10.0.0.1/oauth2/token',
    'https://localhost/oauth2/token',
    'https://127.0.0.1:8443/oauth2/token',
    'https://[::1]/oauth2/token',
    'https://[::ffff:10.0.0.1]/oauth2/token',
    'https://192.168.1.1/oauth2/token',
    'https://0x7f000001/oauth2/token',
    'http://login.example.com/oauth2/token',
  ])('of a token endpoint inside the network, or without TLS: %s', async (tokenUrl) => {
    const body = {
      method: 'manual',
      environmentUrl: product.cloud.crm.http,
      clientId: someId,
      refreshToken: 'of no use to anybody',
      tokenUrl,
    };
    expect(
      await readWholeProblem(await callHub(product, connections, { method: 'POST', body })),
    ).toMatchObject({
      status: 422,
      code: 'address_not_allowed',
      errors: [{ path: 'tokenUrl' }],
    });
  });
});
