import { createHubClient } from '@latchkey/client';
import { expect, it } from 'vitest';
import { readAccounts } from './read-accounts.ts';

function answering(status: number, mediaType: string, body: string) {
  const asked: string[] = [];
  const client = createHubClient({
    baseUrl: 'http://localhost:4480',
    fetch: async (input) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return new Response(body, { status, headers: { 'content-type': mediaType } });
    },
  });
  return { asked, read: () => readAccounts(client, 'c1', new AbortController().signal) };
}

it('reads the first five accounts through the proxy, absent columns as null', async () => {
  const rows = {
    value: [{ accountid: 'a1', name: 'Fourth Coffee', address1_city: null }, { accountid: 'a2' }],
  };
  const { asked, read } = answering(200, 'application/json; odata.metadata=minimal', JSON.stringify(rows));

  expect(await read()).toEqual([
    { id: 'a1', name: 'Fourth Coffee', city: null, telephone: null },
    { id: 'a2', name: null, city: null, telephone: null },
  ]);
  expect(asked.map((url) => decodeURIComponent(url))).toEqual([
    'http://localhost:4480/api/v1/connections/c1/proxy/api/data/v9.2/accounts?$select=name,address1_city,telephone1&$top=5',
  ]);
});

it("keeps the CRM's own code and words", async () => {
  const body = { error: { code: '0x80072560', message: 'The user is not a member of the organization.' } };
  const { read } = answering(403, 'application/json', JSON.stringify(body));

  await expect(read()).rejects.toMatchObject({
    name: 'FailureError',
    failure: {
      code: 'crm_refused',
      remote: {
        code: '0x80072560',
        message: 'The user is not a member of the organization.',
        httpStatus: 403,
      },
    },
  });
});

it('shows an answer that is not JSON as it is', async () => {
  const { read } = answering(502, 'text/html', '<h1>Bad Gateway</h1>');

  await expect(read()).rejects.toMatchObject({ failure: { remote: { message: '<h1>Bad Gateway</h1>' } } });
});

it("hands the hub's own problem on", async () => {
  const problem = {
    code: 'connection_needs_sign_in',
    title: 'Sign in',
    detail: 'Sign in.',
    remedy: 'Sign in.',
  };
  const { read } = answering(409, 'application/problem+json', JSON.stringify(problem));

  await expect(read()).rejects.toMatchObject({ name: 'HubProblemError', problem });
});
