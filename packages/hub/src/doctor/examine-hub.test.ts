import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CloudConfig, HubConfig } from '../config/config.ts';
import { parseWrappingKey } from '../config/read-wrapping-key.ts';
import { startSystemTimer } from '../ground/clock.ts';
import { createTestHub } from '../testing/create-test-hub.ts';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { writeKeyFile } from '../vault/read-key-file.ts';
import { rewrapKeys } from '../vault/rewrap-keys.ts';
import { serveKms } from '../vault/testing/serve-kms.ts';
import { examineHub } from './examine-hub.ts';

const clock = createTestClock();

/** @returns the port of a server of the test's own */
async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

const nobody = 9;

/** A Microsoft whose clock differs by so many milliseconds. */
async function openCloud(skew = 0): Promise<CloudConfig> {
  const port = await serve((_request, response) => {
    response.writeHead(401, { date: new Date(clock.now() + skew).toUTCString() }).end();
  });
  const origin = `http://127.0.0.1:${port}`;
  return {
    name: 'local',
    title: 'Test cloud',
    authority: origin,
    graph: origin,
    localEnvironments: [origin],
  };
}

interface Setting {
  environment?: Record<string, string>;
  overrides?: Partial<HubConfig>;
}

async function examine({ environment = {}, overrides = {} }: Setting = {}) {
  const cloud = overrides.cloud ?? (await openCloud());
  const findings = await examineHub({
    environment: { HOST: '127.0.0.1', ...environment },
    overrides: { port: nobody, dataFolder: makeTemporaryFolder(), ...overrides, cloud },
    clock,
    startTimer: startSystemTimer,
  });
  const of = (name: string) => findings.filter((finding) => finding.name === name);
  return { findings, of, verdict: (name: string) => of(name).map((finding) => finding.verdict) };
}

describe.each(testEngines)('the doctor on %s', (engine) => {
  it('finds nothing wrong with a hub that runs well', async () => {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    await hub.app.listen({ host: '127.0.0.1', port: 0 });
    const address = hub.app.server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { findings } = await examine({
      overrides: { ...hub.context.config, host: '127.0.0.1', port, cloud: await openCloud() },
    });
    expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(findings.map(({ name }) => name)).toEqual([
      'configuration',
      'proxy',
      'certificate authorities',
      'database',
      engine === 'sqlite' ? 'disk' : 'database server',
      'keys',
      'authority',
      'clock',
      'graph',
      'hub',
    ]);
  });

  it('leaves the database as it is', async () => {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    await examine({ overrides: { ...hub.context.config, cloud: await openCloud() } });
    expect(await hub.context.store.db.selectFrom('write_probes').selectAll().execute()).toEqual([]);
  });

  it('tells a database of a newer version, and one that is behind', async () => {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    const overrides = { ...hub.context.config, cloud: await openCloud() };
    const migrations = hub.context.store.db.withTables<{
      schema_migrations: { name: string; applied_at: number };
    }>();
    await migrations.deleteFrom('schema_migrations').where('name', 'like', '0001%').execute();
    expect((await examine({ overrides })).of('database')).toMatchObject([
      { verdict: 'warn', detail: expect.stringContaining('1 changes behind') },
    ]);
    await migrations.insertInto('schema_migrations').values({ name: '9999', applied_at: 1 }).execute();
    expect((await examine({ overrides })).of('database')).toMatchObject([
      { verdict: 'fail', detail: expect.stringContaining('newer') },
    ]);
  });

  it('tells keys that are missing, others, and some that are not here any more', async () => {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    const [key] = hub.context.vault.keyring.all();
    const cloud = await openCloud();
    const withKeys = async (keys: string) =>
      (await examine({ overrides: { ...hub.context.config, keys, cloud } })).of('keys');
    const entry = (id: string, secret: Buffer = randomBytes(32)) => `${id}:${secret.toString('base64')}`;
    const other = await withKeys(entry('other'));
    expect(other).toMatchObject([{ verdict: 'fail', detail: expect.stringContaining(`"${key?.id}"`) }]);
    expect(await withKeys(entry(key?.id ?? ''))).toMatchObject([
      { verdict: 'fail', detail: expect.stringContaining('another one') },
    ]);
    await hub.context.store.db
      .insertInto('vault_canaries')
      .values({ key_id: 'retired', sealed_canary: 'v1.retired.x' })
      .execute();
    expect(await withKeys(entry(key?.id ?? '', key?.secret))).toMatchObject([
      { verdict: 'warn', detail: expect.stringContaining('"retired"') },
    ]);
  });
});

describe('the doctor, where a wrapping key is configured,', () => {
  async function openWrapping() {
    const kms = await serveKms();
    onTestFinished(() => kms.close());
    for (const [name, value] of Object.entries(kms.environment)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const hub = await createTestHub();
    onTestFinished(() => hub.close());
    const cloud = await openCloud();
    const config = { ...hub.context.config, wrappingKey: parseWrappingKey(kms.keyArn), cloud };
    return {
      kms,
      hub,
      config,
      keys: async () => (await examine({ overrides: config })).of('keys'),
      wrap: () => rewrapKeys(config, { to: 'wrapped', from: null }),
    };
  }

  it('warns of keys that stand there bare, and says by what they are wrapped', async () => {
    const { kms, hub, keys, wrap, config } = await openWrapping();
    expect(await keys()).toMatchObject([
      {
        verdict: 'warn',
        detail: expect.stringContaining('1 stand there bare, though LATCHKEY_WRAPPING_KEY is set'),
        advice: 'Wrap them: latchkey keys wrap.',
      },
    ]);
    await wrap();
    expect(await keys()).toMatchObject([
      { verdict: 'ok', detail: expect.stringContaining(`wrapped by ${kms.keyArn}; they open the database`) },
    ]);
    const { random } = hub.context;
    writeKeyFile(config.dataFolder, hub.context.vault.keyring.all(), { random });
    expect(await keys()).toMatchObject([{ verdict: 'warn' }]);
  });

  it('tells of a service that refuses, and of a file that is wrapped without the setting', async () => {
    const { kms, hub, keys, wrap, config } = await openWrapping();
    await wrap();
    kms.refusals.push({ type: 'DisabledException', message: 'is disabled' });
    expect(await keys()).toMatchObject([
      {
        verdict: 'fail',
        detail: expect.stringContaining('DisabledException'),
        advice: expect.stringContaining('Enable'),
      },
    ]);
    const overrides = { ...config, wrappingKey: null };
    expect((await examine({ overrides })).of('keys')).toMatchObject([
      {
        verdict: 'fail',
        detail: expect.stringContaining(`by ${kms.keyArn}`),
        advice: expect.stringContaining('LATCHKEY_WRAPPING_KEY'),
      },
    ]);
    expect(hub.context.vault.keyring.all()).toHaveLength(1);
  });
});

describe('the doctor', () => {
  it('before the first start warns of what is not there, and makes nothing', async () => {
    const dataFolder = path.join(makeTemporaryFolder(), 'data');
    const { verdict } = await examine({ overrides: { dataFolder } });
    expect([verdict('database'), verdict('keys'), verdict('hub')]).toEqual([['warn'], ['warn'], ['warn']]);
    expect(existsSync(dataFolder)).toBe(false);
  });

  it('says of a configuration that makes no sense what to write, and looks no further', async () => {
    const { findings } = await examine({ environment: { PUBLIC_URL: 'http://example.com' } });
    expect(findings).toMatchObject([
      { name: 'configuration', verdict: 'fail', advice: expect.stringContaining('https://') },
    ]);
  });

  it('warns of settings that are likely to be mistakes', async () => {
    const { verdict } = await examine({
      environment: { HOST: '0.0.0.0', LATCHKEY_METRICS: '0.0.0.0:9464', NO_PROXY: 'a/b/c' },
    });
    expect([verdict('configuration'), verdict('metrics'), verdict('proxy')]).toEqual([
      ['warn'],
      ['warn'],
      ['warn'],
    ]);
    const fine = await examine({
      environment: { HOST: '0.0.0.0', PUBLIC_URL: 'https://hub.example', LATCHKEY_METRICS: '9464' },
    });
    expect([fine.verdict('configuration'), fine.verdict('metrics')]).toEqual([['ok'], []]);
  });

  it.each([
    [0, 'ok'],
    [29_000, 'ok'],
    [-40_000, 'warn'],
    [301_000, 'fail'],
  ])('judges a clock that is %i milliseconds off: %s', async (skew, verdict) => {
    const { of } = await examine({ overrides: { cloud: await openCloud(skew) } });
    expect(of('clock')).toMatchObject([{ verdict }]);
  });

  it('tells who can’t be reached, and that the clock could not be looked at then', async () => {
    const nowhere = `http://127.0.0.1:${nobody}`;
    const cloud = { ...(await openCloud()), authority: nowhere };
    const { of, verdict } = await examine({ overrides: { cloud } });
    expect(of('authority')).toMatchObject([
      { verdict: 'fail', detail: expect.stringContaining('refuse'), advice: expect.any(String) },
    ]);
    expect([verdict('graph'), verdict('clock')]).toEqual([['ok'], ['warn']]);
  });

  it('looks at the environments of connections', async () => {
    const hub = await createTestHub();
    onTestFinished(() => hub.close());
    const cloud = await openCloud();
    const connect = (environmentUrl: string) =>
      hub.inject({
        method: 'POST',
        url: '/api/v1/connections',
        payload: { method: 'sign_in', environmentUrl, clientId: '11111111-2222-4333-8444-555555555555' },
      });
    await connect('http://localhost:9');
    await connect('http://localhost:9');
    const local = { ...cloud, localEnvironments: ['http://localhost:9'] };
    expect(
      (await examine({ overrides: { ...hub.context.config, cloud: local } })).verdict('environment'),
    ).toEqual(['fail']);
  });

  it('tells a hub that is not ready from something else on its port', async () => {
    const readiness = { status: 'not_ready', checks: { database: 'failing', vault: 'ok' } };
    const unready = await serve((_request, response) =>
      response.writeHead(503).end(JSON.stringify(readiness)),
    );
    const stranger = await serve((_request, response) => response.end('<html>'));
    expect((await examine({ overrides: { port: unready } })).of('hub')).toMatchObject([
      { verdict: 'fail', detail: expect.stringMatching(/not ready: database\.$/) },
    ]);
    expect((await examine({ overrides: { port: stranger } })).of('hub')).toMatchObject([
      { verdict: 'fail', detail: expect.stringContaining('Something else') },
    ]);
  });

  it('tells a key file that others can read, and a database that is none', async () => {
    const dataFolder = makeTemporaryFolder();
    const keyFile = path.join(dataFolder, 'vault.key');
    writeFileSync(keyFile, `a:${randomBytes(32).toString('base64')}`);
    chmodSync(keyFile, 0o644);
    writeFileSync(path.join(dataFolder, 'hub.sqlite'), 'a letter '.repeat(100));
    const { of } = await examine({ overrides: { dataFolder } });
    expect(of('keys')).toMatchObject([{ verdict: 'fail', advice: expect.stringContaining('chmod') }]);
    expect(of('database')).toMatchObject([{ verdict: 'fail', detail: expect.stringContaining('damaged') }]);
  });

  it('tells a database that another process holds', async () => {
    const hub = await createTestHub();
    onTestFinished(() => hub.close());
    const other = new DatabaseSync(path.join(hub.context.config.dataFolder, 'hub.sqlite'));
    onTestFinished(() => other.close());
    other.exec('begin immediate');
    const { of } = await examine({ overrides: { ...hub.context.config, cloud: await openCloud() } });
    expect(of('database')).toMatchObject([
      { verdict: 'fail', detail: expect.stringContaining('takes no writes') },
    ]);
  });
});
