import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';

let hub: TestHub;

beforeEach(async () => {
  hub = await createTestHub();
});
afterEach(() => hub.close());

async function post(url: string, payload: string): Promise<unknown[]> {
  const headers = { 'content-type': 'application/json' };
  const answer = await hub.inject({ method: 'POST', url: `/api/v1${url}`, payload, headers });
  return [answer.statusCode, answer.json<{ code: string }>().code];
}

it.each([
  ['/connections/none/test', 'connection_not_found'],
  ['/connections/none/refresh', 'connection_not_found'],
  ['/connections/none/sign-in', 'connection_not_found'],
  ['/registrations/none/sign-in', 'registration_not_found'],
  ['/registrations/none/retry', 'registration_not_found'],
  ['/registrations/none/undo', 'registration_not_found'],
])('takes an empty body for none at %s', async (url, code) => {
  expect(await post(url, '')).toEqual([404, code]);
});

it.each(['/api-keys', '/connections', '/session'])('misses the body at %s', async (url) => {
  expect(await post(url, '')).toEqual([400, 'malformed_json']);
});

it('refuses a body that is no JSON even where none is needed', async () => {
  expect(await post('/connections/none/test', '{')).toEqual([400, 'malformed_json']);
});
