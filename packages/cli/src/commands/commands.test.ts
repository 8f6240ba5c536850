import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeApiKey } from '../hub-access.ts';

const command = fileURLToPath(new URL('../../bin/latchkey.mjs', import.meta.url));
const key = 'lk_test';

let server: Server;
let url: string;
let dataFolder: string;
let calls: { method: string; path: string; authorization: string; body: string }[];

const connection = {
  id: 'c1',
  name: 'Microsoft Dynamics 365 CRM',
  environmentUrl: 'https://contoso.crm4.dynamics.com',
  status: { state: 'ready' },
};
const registration = {
  id: 'r1',
  name: 'Latchkey',
  state: 'ready',
  alarm: null,
  clientSecret: { endsAt: '2027-05-01T00:00:00.000Z', daysLeft: 180 },
};
const failure = {
  code: 'crm_refused',
  title: 'Dynamics 365 refuses this account',
  detail: 'No licence.',
  whoActs: 'administrator',
  remedy: 'Assign a licence.',
  remote: null,
};

const offered = {
  signIn: { kind: 'browser', url: 'https://hub.example/sign-in/2', expiresAt: '2026-11-02T09:00:00.000Z' },
};

const answers: Record<string, unknown> = {
  'POST /api/v1/environment-address': {
    origin: 'https://contoso.crm4.dynamics.com',
    connectionString: {
      method: 'client_credentials',
      remarks: ['Its tenant is neither a GUID nor a domain.'],
    },
  },
  'POST /api/v1/connections': {
    id: 'c2',
    status: { state: 'blocked', reason: 'The secret is wrong.', remedy: 'Give another.' },
  },
  'POST /api/v1/connections/c2/sign-in': { url: 'https://hub.example/sign-in/1' },
  'GET /api/v1/connections': { items: [connection], nextCursor: null },
  'GET /api/v1/connections/c1': connection,
  'GET /api/v1/connections/c1/health': { status: { state: 'ready' }, warnings: [] },
  'GET /api/v1/connections/c1/events': {
    items: [{ happenedAt: '2026-11-02T09:00:00.000Z', kind: 'signed_in', summary: 'alice signed in.' }],
    nextCursor: null,
  },
  'GET /api/v1/connections/c1/token': { accessToken: 'the-token' },
  'POST /api/v1/connections/c1/test': {
    outcome: 'failed',
    steps: [
      { title: 'Address', outcome: 'passed', detail: 'contoso', durationMs: 1, failure: null },
      { title: 'WhoAmI', outcome: 'failed', detail: '403', durationMs: 2, failure },
    ],
  },
  'GET /api/v1/registrations': { items: [registration], nextCursor: null },
  'PATCH /api/v1/registrations/r1': registration,
  'POST /api/v1/registrations/r1/check': {
    ...registration,
    check: {
      findings: [{ code: 'consent_missing', detail: 'Nobody has consented.', remedy: 'Consent.' }],
      failure: null,
      readFromGraph: true,
    },
  },
  'POST /api/v1/registrations/r1/rotate': { rotation: { state: 'adding' }, signIn: null },
  'POST /api/v1/registrations/r1/clean-up': offered,
  'POST /api/v1/registrations/r1/rename': offered,
  'GET /api/v1/registrations/r1/usage': {
    connections: 1,
    first: [{ id: 'c1', name: 'Nightly export' }],
    applicationUsers: [
      {
        connectionId: 'c1',
        connectionName: 'Nightly export',
        environmentUrl: 'https://contoso.crm4.dynamics.com',
        userId: 'u1',
        madeByHub: true,
      },
    ],
  },
  'POST /api/v1/connections/c1/application-user/undo': {
    signIn: { url: 'https://hub.example/sign-in/3', expiresAt: '2026-11-02T09:00:00.000Z' },
  },
  'POST /api/v1/registrations/r1/undo': { state: 'undoing', ...offered },
  'GET /api/v1/registrations/r1/events': {
    items: [{ happenedAt: '2026-11-02T09:00:00.000Z', kind: 'secret_rotated', summary: 'A new one.' }],
    nextCursor: null,
  },
  'GET /api/v1/events': {
    items: [{ happenedAt: '2026-11-02T09:00:00.000Z', kind: 'keys_rotated', summary: 'Sealed anew.' }],
    nextCursor: null,
  },
  'GET /api/v1/keeper': {
    kinds: [
      {
        kind: 'connection',
        title: 'Connections',
        due: 3,
        underWay: 1,
        dueSince: '2026-11-02T08:59:00.000Z',
        overdueSeconds: 60,
        dueWithinAnHour: 7,
        runs: 12,
        failures: 0,
        lastRunAt: '2026-11-02T08:58:00.000Z',
      },
    ],
    next: [
      {
        kind: 'connection',
        title: 'Connections',
        subjectId: 'c1',
        subjectName: 'Sales',
        dueAt: '2026-11-02T08:59:00.000Z',
        isUnderWay: true,
      },
    ],
    processes: [
      { name: 'host 1', isOn: true, isSilent: false, lastSeenAt: '', runs: 12, underWay: 1 },
      {
        name: 'host 2',
        isOn: true,
        isSilent: true,
        lastSeenAt: '2026-11-02T08:00:00.000Z',
        runs: 1,
        underWay: 0,
      },
      { name: 'host 3', isOn: false, isSilent: false, lastSeenAt: '', runs: 0, underWay: 0 },
    ],
    countedUpTo: 10_000,
  },
  'PATCH /api/v1/connections/c1/proxy/api/data/v9.2/accounts(1)': { passed: true },
};

beforeAll(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'latchkey-cli-'));
  await writeApiKey(dataFolder, async () => key);
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? '';
    calls.push({
      method,
      path: request.url ?? '',
      authorization: request.headers.authorization ?? '',
      body: await text(request),
    });
    const known = answers[`${method} ${decodeURIComponent(pathname)}`];
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ?? { error: 'none' }));
  };
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

beforeEach(() => {
  calls = [];
});

afterAll(async () => {
  server.close();
  await rm(dataFolder, { recursive: true });
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function latchkey(...words: string[]): Promise<Ended> {
  return latchkeyReading('', ...words);
}

/** The same with something on its standard input. */
function latchkeyReading(input: string, ...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [command, ...words], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

describe('latchkey', () => {
  it('lists connections with the key of the data folder', async () => {
    const { code, stdout } = await latchkey('connections', 'list', '--url', url, '--data', dataFolder);
    expect(code).toBe(0);
    expect(stdout).toContain('c1');
    expect(stdout).toContain('ready');
    expect(calls[0]?.authorization).toBe(`Bearer ${key}`);
  });

  it('makes a connection as a connection string on standard input says', async () => {
    const said = 'AuthType=ClientSecret;Url=https://contoso.crm4.dynamics.com;ClientSecret=hunter2';
    const words = ['connections', 'create', '-', '--name', 'Nightly', '--url', url, '--data', dataFolder];
    const { code, stdout, stderr } = await latchkeyReading(`${said}\n`, ...words);
    expect([code, stdout]).toEqual([0, 'c2  blocked\n']);
    expect(stderr).toBe('Its tenant is neither a GUID nor a domain.\nThe secret is wrong. Give another.\n');
    expect(calls.map((call) => [call.path, JSON.parse(call.body)])).toEqual([
      ['/api/v1/environment-address', { address: said }],
      ['/api/v1/connections', { method: 'client_credentials', environmentUrl: said, name: 'Nightly' }],
    ]);
  });

  it('prints the link to sign in by, by the method and the app that were asked for', async () => {
    const where = ['--url', url, '--data', dataFolder];
    const app = ['--method', 'sign_in', '--client-id', 'a1', '--registration', 'r1'];
    const { stdout } = await latchkey('connections', 'create', 'contoso.crm4.dynamics.com', ...app, ...where);
    expect(stdout).toBe('c2  blocked\nhttps://hub.example/sign-in/1\n');
    expect(JSON.parse(calls[1]?.body ?? '')).toEqual({
      method: 'sign_in',
      environmentUrl: 'contoso.crm4.dynamics.com',
      clientId: 'a1',
      registrationId: 'r1',
    });
  });

  it('tells how a connection stands, and what happened to it', async () => {
    const where = ['c1', '--url', url, '--data', dataFolder];
    const health = await latchkey('connections', 'health', ...where);
    expect(JSON.parse(health.stdout)).toMatchObject({ status: { state: 'ready' } });
    const events = await latchkey('connections', 'events', ...where);
    expect(events.stdout).toContain('2026-11-02T09:00:00.000Z  signed_in  alice signed in.');
  });

  it('has what a registration leaves behind taken back, by whom it takes', async () => {
    const where = ['--url', url, '--data', dataFolder];
    const usage = await latchkey('registrations', 'usage', 'r1', ...where);
    expect(usage.stdout).toContain('1 connection would stop');
    expect(usage.stdout).toContain('application user in https://contoso.crm4.dynamics.com, for c1');
    const first = await latchkey('registrations', 'undo', 'r1', ...where);
    expect(first.stdout).toContain(
      'An administrator of https://contoso.crm4.dynamics.com signs in at https://hub.example/sign-in/3',
    );
    expect(calls.map(({ path: asked }) => asked)).not.toContain('/api/v1/registrations/r1/undo');
    const forced = ['--force', '--leave-application-users'];
    const undone = await latchkey('registrations', 'undo', 'r1', ...forced, ...where);
    expect(undone.stdout).toContain('An administrator signs in at https://hub.example/sign-in/2');
    expect(calls.at(-1)?.path).toBe('/api/v1/registrations/r1/undo?force=true&applicationUsers=leave');
    const cleanUp = await latchkey('registrations', 'clean-up', 'r1', ...where);
    expect(cleanUp.stdout).toContain('https://hub.example/sign-in/2');
    const renamed = await latchkey('registrations', 'rename', 'r1', 'Weekly', '--administrator', ...where);
    expect(renamed.stdout).toContain('in Microsoft Entra ID: not known');
    expect(renamed.stdout).toContain('https://hub.example/sign-in/2');
    await latchkey('registrations', 'rotate', 'r1', '--credential', 'federated', '--administrator', ...where);
    expect(JSON.parse(calls.at(-1)?.body ?? '')).toEqual({
      administratorSignIn: 'browser',
      credential: 'federated',
    });
  });

  it('tells when the secrets of registrations end, and looks after one', async () => {
    const where = ['--url', url, '--data', dataFolder];
    const list = await latchkey('registrations', 'list', ...where);
    expect(list.stdout).toContain('r1  ready  Latchkey');
    expect(list.stdout).toContain('ends 2027-05-01T00:00:00.000Z (180 days left)');
    const check = await latchkey('registrations', 'check', 'r1', ...where);
    expect(check.code).toBe(1);
    expect(check.stdout).toContain('consent_missing: Nobody has consented. Consent.');
    expect((await latchkey('registrations', 'rotate', 'r1', ...where)).stdout).toBe(
      'rotation begun: adding\n',
    );
    const events = await latchkey('registrations', 'events', 'r1', ...where);
    expect(events.stdout).toContain('secret_rotated  A new one.');
  });

  it('takes a registration’s new secret from standard input alone', async () => {
    const words = [
      'registrations',
      'secret',
      'r1',
      '--ends',
      '2027-05-01',
      '--url',
      url,
      '--data',
      dataFolder,
    ];
    const { code, stdout } = await latchkeyReading('Fresh~Secret\n', ...words);
    expect(code).toBe(0);
    expect(stdout).not.toContain('Fresh~Secret');
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({
      clientSecret: 'Fresh~Secret',
      clientSecretEndsAt: '2027-05-01',
    });
  });

  it('prints a token alone, for a pipe', async () => {
    const { stdout } = await latchkey('connections', 'token', 'first', '--url', url, '--data', dataFolder);
    expect(stdout).toBe('the-token\n');
  });

  it('asks for a token that lives as long as it has to', async () => {
    const where = ['--url', url, '--data', dataFolder];
    await latchkey('connections', 'token', 'c1', '--minimum-life', '2700', ...where);
    expect(calls.at(-1)?.path).toBe('/api/v1/connections/c1/token?minimumLifeSeconds=2700');
    const { code, stderr } = await latchkey('connections', 'token', 'c1', '--minimum-life', 'long', ...where);
    expect(code).not.toBe(0);
    expect(stderr).toContain('A life is a whole number of seconds.');
  });

  it('ends with 1 and the next step when a test fails', async () => {
    const { code, stdout } = await latchkey('connections', 'test', 'c1', '--url', url, '--data', dataFolder);
    expect(code).toBe(1);
    expect(stdout).toContain('Assign a licence.');
  });

  it('passes method, path, header and body of a request on', async () => {
    const { code, stdout } = await latchkey(
      'request',
      'first',
      'patch',
      '/api/data/v9.2/accounts(1)?$select=name',
      '-b',
      '{"name":"Adatum"}',
      '--url',
      url,
      '--data',
      dataFolder,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ passed: true });
    expect(calls.at(-1)).toMatchObject({ method: 'PATCH', body: '{"name":"Adatum"}' });
    expect(calls.at(-1)?.path).toContain('?$select=name');
  });

  it('says where a key comes from when there is none', async () => {
    const { code, stderr } = await latchkey('connections', 'list', '--url', url, '--data', tmpdir());
    expect(code).toBe(1);
    expect(stderr).toContain('LATCHKEY_API_KEY');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says that the hub is not there when nothing listens', async () => {
    const { code, stderr } = await latchkey(
      'connections',
      'list',
      '--url',
      'http://127.0.0.1:1',
      '--data',
      dataFolder,
    );
    expect(code).toBe(1);
    expect(stderr).toContain('127.0.0.1:1');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('shows what happened to the hub itself', async () => {
    const { stdout } = await latchkey('events', '--url', url, '--data', dataFolder);
    expect(stdout).toContain('2026-11-02T09:00:00.000Z  keys_rotated  Sealed anew.');
  });

  it('shows what the keeper does, for people and as JSON', async () => {
    const { stdout } = await latchkey('keeper', '--url', url, '--data', dataFolder);
    expect(stdout).toContain('Connections: 3 due, the oldest for 60 s, 7 within an hour');
    expect(stdout).toContain('12 runs, 0 failed unexpectedly, the last one 2026-11-02T08:58:00.000Z');
    expect(stdout).toContain('2026-11-02T08:59:00.000Z  Connections: Sales  (under way)');
    expect(stdout).toContain('host 1: 1 under way, 12 runs');
    expect(stdout).toContain('host 2: silent since 2026-11-02T08:00:00.000Z');
    expect(stdout).toContain('host 3: off');
    expect(
      JSON.parse((await latchkey('keeper', '--json', '--url', url, '--data', dataFolder)).stdout),
    ).toEqual(answers['GET /api/v1/keeper']);
  });

  it('prints the way to the local cloud for a shell, and says where its authority comes from', async () => {
    const folder = path.join(dataFolder, 'product');
    const missing = await latchkey('cloud', 'env', '--data', folder);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('Start `latchkey cloud`');
    await mkdir(path.join(folder, 'cloud'), { recursive: true });
    const authority = path.join(folder, 'cloud', 'ca.pem');
    await writeFile(authority, '');
    const { stdout } = await latchkey('cloud', 'env', '--data', folder, '--port', '5000');
    expect(stdout).toContain('export HTTPS_PROXY=http://localhost:5005\n');
    expect(stdout).toContain(`# Node 24\nexport NODE_EXTRA_CA_CERTS=${authority}\n`);
    const elsewhere = ['cloud', '--public-host', 'fd00::7', 'env', '--data', folder, '--port', '5000'];
    const windows = await latchkey(...elsewhere, '--shell', 'powershell');
    expect(windows.stdout).toContain("$env:HTTPS_PROXY = 'http://[fd00::7]:5005'\n");
    const fish = await latchkey(...elsewhere, '--shell', 'fish');
    expect(fish).toMatchObject({ code: 1, stderr: expect.stringContaining('posix, powershell') });
  });

  it('says what is wrong with a seed file, and starts nothing', async () => {
    const seed = path.join(dataFolder, 'wrong.seed.yaml');
    await writeFile(seed, 'tenants: [{ displayName: A }]');
    const { code, stderr } = await latchkey('cloud', '--memory', '--any-ports', '--seed', seed);
    expect(code).toBe(1);
    expect(stderr).toContain('tenants.0.domains');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says when there is no local cloud to export', async () => {
    const { code, stderr } = await latchkey('cloud', 'export', '--port', '1');
    expect(code).toBe(1);
    expect(stderr).toContain('Start it by `latchkey cloud`');
  });

  it('refuses a port that leaves no room for the local cloud', async () => {
    const { code, stderr } = await latchkey('start', '--port', '65535');
    expect(code).toBe(1);
    expect(stderr).toContain('A port is a whole number');
  });
});
