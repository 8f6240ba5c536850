import Fastify, { type InjectOptions } from 'fastify';
import { expect, it } from 'vitest';
import { findClientId } from './find-client-id.ts';
import { readFormBodies } from './form-body.ts';

async function clientOf(request: InjectOptions): Promise<string> {
  const app = Fastify();
  readFormBodies(app);
  app.all('/', (asked) => findClientId(asked) ?? 'nobody');
  const { body } = await app.inject({ url: '/', ...request });
  await app.close();
  return body;
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const bearer = (claims: object) =>
  `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.AA`;
const form = (payload: string, headers: Record<string, string> = {}): InjectOptions => ({
  method: 'POST',
  payload,
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
});

it.each<[string, InjectOptions]>([
  ['a form', form('client_id=app')],
  ['a query', { url: '/?client_id=app' }],
  ['HTTP Basic', { headers: { authorization: basic('app:secret') } }],
  ['HTTP Basic beside a form without it', form('grant_type=x', { authorization: basic('app:secret') })],
  ['a v1 token', { headers: { authorization: bearer({ aud: 'x', appid: 'app' }) } }],
  ['a v2 token', { headers: { authorization: bearer({ aud: 'x', azp: 'app' }) } }],
  [
    'a scheme in capitals',
    { headers: { authorization: bearer({ azp: 'app' }).replace('Bearer', 'BEARER') } },
  ],
])('knows the client by %s', async (_name, request) => {
  expect(await clientOf(request)).toBe('app');
});

it.each<[string, InjectOptions]>([
  ['nothing at all', {}],
  ['a token without parts', { headers: { authorization: 'Bearer e30' } }],
  ['a token of nobody', { headers: { authorization: bearer({ aud: 'x' }) } }],
  ['another scheme', { headers: { authorization: 'Digest app' } }],
])('knows nobody by %s', async (_name, request) => {
  expect(await clientOf(request)).toBe('nobody');
});

it('goes by the form first', async () => {
  const request = form('client_id=app', { authorization: basic('other:secret') });
  expect(await clientOf({ ...request, url: '/?client_id=other' })).toBe('app');
});
