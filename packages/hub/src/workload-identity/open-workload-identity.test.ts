import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedServer, startScriptedServer } from '../connections/testing/scripted-server.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { openWorkloadIdentity } from './open-workload-identity.ts';
import { readOwnIdentity } from './read-own-identity.ts';

const audience = 'api://AzureADTokenExchange';

let folder: string;
let platform: ScriptedServer;
let answered: { path: string; query: Record<string, string>; headers: IncomingHttpHeaders }[];
let hub: TestHub | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-identity-'));
  answered = [];
  platform = await startScriptedServer(({ path: asked, query, headers }) => {
    answered.push({
      path: asked,
      query: Object.fromEntries(query),
      headers,
    });
    const token = tokenOf({ iss: 'https://issuer.example', sub: 'hub', aud: audience });
    return { status: 200, body: { value: token, access_token: token, expires_in: '3600' } };
  });
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  await platform.close();
  await rm(folder, { recursive: true, force: true });
});

function tokenOf(claims: object): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
}

async function identity(workloadIdentity: TestHub['context']['config']['workloadIdentity']) {
  hub = await createTestHub({ config: { workloadIdentity } });
  const { workloadIdentity: opened } = hub.context;
  if (!opened) throw new Error('It was not opened.');
  return { readToken: () => opened.readToken() };
}

describe('a token file', () => {
  it('is read anew each time, since the platform puts others there', async () => {
    const file = path.join(folder, 'token');
    const { readToken } = await identity({ kind: 'file', file });
    await writeFile(file, 'first.token\n');
    expect(await readToken()).toBe('first.token');
    await writeFile(file, 'second.token');
    expect(await readToken()).toBe('second.token');
  });

  it.each([
    ['that is not there', null, /ENOENT/],
    ['that is empty', ' \n', /is empty/],
  ])('says so %s', async (_what, text, expected) => {
    const file = path.join(folder, 'token');
    if (text !== null) await writeFile(file, text);
    const { readToken } = await identity({ kind: 'file', file });
    await expect(readToken()).rejects.toMatchObject({
      code: 'workload_token_unavailable',
      message: expect.stringMatching(expected),
    });
  });
});

describe('a platform’s token service', () => {
  const github = () =>
    ({ kind: 'github', requestUrl: `${platform.origin}/gh?api-version=2`, requestToken: 'job' }) as const;

  it('is asked as GitHub documents', async () => {
    const { readToken } = await identity(github());
    expect(await readToken()).toMatch(/^ey/);
    expect(answered).toMatchObject([
      {
        path: '/gh',
        query: { 'api-version': '2', audience },
        headers: { authorization: 'Bearer job' },
      },
    ]);
  });

  it('is asked as App Service documents', async () => {
    const endpoint = `${platform.origin}/msi/token`;
    const { readToken } = await identity({ kind: 'azure', endpoint, header: 'h', clientId: 'user-assigned' });
    await readToken();
    expect(answered).toMatchObject([
      {
        path: '/msi/token',
        query: { 'api-version': '2019-08-01', resource: audience, client_id: 'user-assigned' },
        headers: { 'x-identity-header': 'h' },
      },
    ]);
  });

  it('is asked as a virtual machine’s metadata service documents', async () => {
    const endpoint = `${platform.origin}/metadata/identity/oauth2/token`;
    const { readToken } = await identity({ kind: 'azure', endpoint, header: null, clientId: null });
    await readToken();
    expect(answered).toMatchObject([
      { query: { 'api-version': '2018-02-01', resource: audience }, headers: { metadata: 'true' } },
    ]);
  });

  it('is asked through no proxy, which would not reach the machine’s own', async () => {
    const proxy = { origin: platform.origin, authorization: null };
    const proxies = { https: proxy, http: proxy, direct: [], unknownDirect: [] };
    hub = await createTestHub();
    const { config } = hub.context;
    const metadata = 'http://169.254.169.254/metadata/identity/oauth2/token';
    const opened = openWorkloadIdentity({
      config: {
        ...config,
        proxies,
        workloadIdentity: { kind: 'azure', endpoint: metadata, header: null, clientId: null },
      },
      timeoutMilliseconds: 300,
    });
    let connections = 0;
    platform.onConnection(() => {
      connections += 1;
    });
    await expect(opened?.readToken()).rejects.toMatchObject({ code: 'workload_token_unavailable' });
    expect(connections).toBe(0);
    await opened?.close();
  });

  it('opens no way there for addresses that people type', async () => {
    await (await identity(github())).readToken();
    const payload = { method: 'sign_in', environmentUrl: platform.origin, clientId: '0'.repeat(8) };
    const answer = await hub?.inject({ method: 'POST', url: '/api/v1/connections', payload });
    expect(answer?.statusCode).toBe(422);
    await expect(
      hub?.context.outbound.request(`${platform.origin}/gh`, { method: 'GET' }),
    ).rejects.toMatchObject({ code: 'address_not_allowed' });
    expect(answered).toHaveLength(1);
  });

  it('answers many who ask at once by one token, and asks again after a failure', async () => {
    const { readToken } = await identity(github());
    platform.fail('/gh', { status: 503 });
    await expect(readToken()).rejects.toMatchObject({ code: 'workload_token_unavailable' });
    const tokens = await Promise.all(Array.from({ length: 20 }, readToken));
    expect(new Set(tokens).size).toBe(1);
    expect(answered).toHaveLength(1);
  });

  it.each([
    ['no token', { status: 200, body: { error: 'no' } } as const],
    ['a refusal', { status: 403, body: { value: 'x.y.z' } } as const],
    ['half an answer', 'cut_off' as const],
  ])('is away where it answers with %s', async (_what, fault) => {
    const { readToken } = await identity(github());
    platform.fail('/gh', fault);
    await expect(readToken()).rejects.toMatchObject({ code: 'workload_token_unavailable' });
  });
});

describe('who the hub is', () => {
  const says = (token: string) => ({
    workloadIdentity: { kind: 'file' as const, readToken: async () => token, close: async () => {} },
  });

  it.each([
    ['as a text', audience, audience],
    ['as a list', [audience], audience],
    ['by the id of Entra ID’s exchange', 'fb60f99c-7a34-4190-8149-302f77469936', audience],
    ['otherwise', 'https://other.example', 'https://other.example'],
  ])('is read out of its token, with the audience %s', async (_how, aud, expected) => {
    const claims = { iss: 'https://issuer.example', sub: 'hub', aud };
    expect(await readOwnIdentity(says(tokenOf(claims)))).toEqual({
      issuer: 'https://issuer.example',
      subject: 'hub',
      audience: expected,
    });
  });

  it.each(['no.jwt', tokenOf({ iss: 'https://issuer.example', aud: audience })])(
    'can’t be told by %s',
    async (token) => {
      await expect(readOwnIdentity(says(token))).rejects.toMatchObject({
        code: 'workload_token_unavailable',
      });
    },
  );

  it('is nobody without an identity', async () => {
    await expect(readOwnIdentity({ workloadIdentity: null })).rejects.toMatchObject({
      code: 'workload_identity_missing',
    });
  });
});
