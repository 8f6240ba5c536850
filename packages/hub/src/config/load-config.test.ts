import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.ts';

const hour = 3_600_000;

describe('the configuration', () => {
  it('needs nothing to be set', () => {
    expect(loadConfig({})).toEqual({
      host: 'localhost',
      port: 4480,
      publicUrl: 'http://localhost:4480',
      dataFolder: 'data',
      databaseUrl: null,
      keys: null,
      wrappingKey: null,
      cloud: {
        name: 'global',
        title: expect.any(String),
        authority: 'https://login.microsoftonline.com',
        graph: 'https://graph.microsoft.com',
        localEnvironments: [],
      },
      webFolder: null,
      workloadIdentity: null,
      allowedPrivateOrigins: [],
      proxies: { https: null, http: null, direct: [], unknownDirect: [] },
      authorities: { extra: [], system: false },
      keeper: {
        isOn: true,
        proofs: { inUseMilliseconds: 6 * hour, idleMilliseconds: 24 * hour, perEnvironmentMinute: 60 },
      },
      bodyLimitBytes: 1024 * 1024,
      logLevel: 'warn',
      metrics: null,
      eventsKeptDays: 90,
    });
  });

  it('takes what is set', () => {
    const config = loadConfig({
      HOST: '0.0.0.0',
      PORT: '8080',
      PUBLIC_URL: 'https://Latchkey.example.com/',
      LATCHKEY_DATA: '/var/lib/latchkey',
      DATABASE_URL: 'postgresql://hub:p%40ss@db/latchkey',
      LATCHKEY_KEYS: 'a:AAAA',
      LATCHKEY_CLOUD: 'china',
      LATCHKEY_ALLOWED_ORIGINS: 'https://crm.corp.example/, http://10.0.0.5:5555',
      LATCHKEY_LOG_LEVEL: 'debug',
      LATCHKEY_EVENTS_DAYS: '30',
      HTTPS_PROXY: ' http://proxy.example:8080 ',
      LATCHKEY_KEEPER: 'off',
      LATCHKEY_PROOF_HOURS: '1.5',
      LATCHKEY_IDLE_PROOF_HOURS: '0',
      LATCHKEY_PROOFS_PER_MINUTE: '600',
    });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      publicUrl: 'https://latchkey.example.com',
      dataFolder: '/var/lib/latchkey',
      databaseUrl: 'postgresql://hub:p%40ss@db/latchkey',
      keys: 'a:AAAA',
      keeper: {
        isOn: false,
        proofs: { inUseMilliseconds: 1.5 * hour, idleMilliseconds: null, perEnvironmentMinute: 600 },
      },
      cloud: { name: 'china', authority: 'https://login.partner.microsoftonline.cn' },
      allowedPrivateOrigins: ['https://crm.corp.example', 'http://10.0.0.5:5555'],
      logLevel: 'debug',
      metrics: null,
      eventsKeptDays: 30,
      proxies: { https: { origin: 'http://proxy.example:8080' } },
    });
  });

  it.each([
    ['9464', { host: 'localhost', port: 9464 }],
    ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
    ['[::]:9464', { host: '::', port: 9464 }],
  ])('serves metrics where LATCHKEY_METRICS=%s says', (text, metrics) => {
    expect(loadConfig({ LATCHKEY_METRICS: text }).metrics).toEqual(metrics);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ PORT: '', PUBLIC_URL: ' ', DATABASE_URL: '', https_proxy: '' })).toEqual(
      loadConfig({}),
    );
  });

  it('lets the program decide over the environment', () => {
    const config = loadConfig(
      { PORT: '8080', LATCHKEY_CLOUD: 'nonsense' },
      { port: 1, cloud: loadConfig({}).cloud },
    );
    expect(config).toMatchObject({ port: 1, publicUrl: 'http://localhost:1', cloud: { name: 'global' } });
  });

  it.each([
    'http://localhost:4480',
    'http://127.0.0.1:4480',
    'http://[::1]:4480',
    'http://hub.localhost',
    'https://hub.example',
  ])('takes %s as the public address', (address) => {
    expect(loadConfig({ PUBLIC_URL: address }).publicUrl).toBe(address);
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PUBLIC_URL', 'latchkey.example.com'],
    ['PUBLIC_URL', 'http://latchkey.example.com'],
    ['PUBLIC_URL', 'http://192.168.0.5'],
    ['PUBLIC_URL', 'https://example.com/latchkey'],
    ['PUBLIC_URL', 'https://example.com/?a=b'],
    ['PUBLIC_URL', 'https://user:password@example.com'],
    ['DATABASE_URL', 'mysql://hub:secret@db/latchkey'],
    ['DATABASE_URL', 'hub:secret@db'],
    ['DATABASE_URL', 'postgres://hub:secret@db/latchkey?sslmode=on'],
    ['LATCHKEY_CLOUD', 'germany'],
    ['LATCHKEY_ALLOWED_ORIGINS', 'https://good.example,crm.corp'],
    ['LATCHKEY_LOG_LEVEL', 'verbose'],
    ['LATCHKEY_KEEPER', 'yes'],
    ['LATCHKEY_PROOF_HOURS', '-1'],
    ['LATCHKEY_PROOF_HOURS', '1441'],
    ['LATCHKEY_IDLE_PROOF_HOURS', 'daily'],
    ['LATCHKEY_PROOFS_PER_MINUTE', '0'],
    ['LATCHKEY_PROOFS_PER_MINUTE', '6001'],
    ['LATCHKEY_PROOFS_PER_MINUTE', '1.5'],
    ['LATCHKEY_METRICS', 'yes'],
    ['LATCHKEY_METRICS', 'localhost:'],
    ['LATCHKEY_METRICS', '65536'],
    ['LATCHKEY_METRICS', 'http://localhost:9464'],
    ['HTTPS_PROXY', 'socks5://proxy.example'],
    ['NODE_EXTRA_CA_CERTS', '/nowhere/authorities.pem'],
  ])('refuses %s=%s and says what to write', (variable, value) => {
    expect(() => loadConfig({ [variable]: value })).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        variable,
        message: expect.stringMatching(new RegExp(`^${variable} .+\\.$`)),
        remedy: expect.stringContaining('Write'),
      }),
    );
  });

  it.each(['disable', 'require', 'verify-ca', 'verify-full', 'no-verify'])('takes sslmode=%s', (mode) => {
    const url = `postgres://hub@db/latchkey?sslmode=${mode}`;
    expect(loadConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  it.each([
    'mysql://hub:5432secret@db',
    'postgres://hub:secret@d b/latchkey',
    'postgres://hub:5432/secret@db/latchkey',
    'postgres://hub:5432?secret@db/latchkey',
    'postgres://hub:5432?secret=5432@db/latchkey',
    'postgres://hub:5432#secret@db/latchkey',
  ])('does not repeat a password, nor take a part of it for a port: %s', (url) => {
    expect(() => loadConfig({ DATABASE_URL: url })).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: expect.not.stringMatching(/secret|5432(?!\/latchkey)/),
      }),
    );
  });

  it('takes a user with an @ where a parameter names it', () => {
    const url = 'postgres://db/latchkey?user=hub%40server';
    expect(loadConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
  });
});
