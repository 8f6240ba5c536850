import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';

let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

it('has a page for apps without an address of their own, which tells nothing of the answer', async () => {
  const { statusCode, headers, body } = await entra.app.inject(
    '/common/oauth2/nativeclient?code=a-code&state=s',
  );
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(body).toContain('go back to the app');
  expect(body).not.toContain('a-code');
});

it('explains the code that an answer’s error_uri names', async () => {
  const { json } = await entra.post('/oauth2/token', {});
  const { pathname, search } = new URL(String(json.error_uri));
  const { statusCode, body } = await entra.app.inject(pathname + search);
  expect(statusCode).toBe(200);
  expect(body).toContain('AADSTS900144');
  expect(body).toContain('Remediation');
});

it.each(['?code=1', '?code=<b>', ''])('knows no other code: /error%s', async (query) => {
  const { statusCode, body } = await entra.app.inject(`/error${encodeURI(query)}`);
  expect(statusCode).toBe(404);
  expect(body).not.toContain('<b>');
});
