import { describe, expect, it } from 'vitest';
import type { ProxyConfig } from './config.ts';
import { readProxies } from './read-proxies.ts';

function readFrom(environment: Record<string, string>): ProxyConfig {
  return readProxies((variable) => environment[variable] ?? null);
}

describe('a proxy', () => {
  it.each([
    ['http://proxy.example:8080', 'http://proxy.example:8080'],
    ['proxy.example:8080', 'http://proxy.example:8080'],
    ['https://proxy.example/', 'https://proxy.example'],
    ['HTTP://10.0.0.5:3128', 'http://10.0.0.5:3128'],
    ['http://[fd00::1]:3128', 'http://[fd00::1]:3128'],
  ])('is taken as people write it: %s', (text, origin) => {
    expect(readFrom({ HTTPS_PROXY: text }).https).toEqual({ origin, authorization: null });
  });

  it.each([
    ['http://anna:p%40ss%3Aword@proxy.example:8080', 'anna:p@ss:word'],
    ['anna:secret@proxy.example:8080', 'anna:secret'],
    ['http://anna@proxy.example:8080', 'anna:'],
    ['http://CONTOSO%5Canna:geheim%C3%A4@proxy.example:8080', 'CONTOSO\\anna:geheimä'],
  ])('is told user and password apart from its address: %s', (text, credentials) => {
    const { https } = readFrom({ HTTPS_PROXY: text });
    expect(https).toEqual({
      origin: 'http://proxy.example:8080',
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    });
  });

  it('is for addresses of its own scheme', () => {
    const both = readFrom({ HTTPS_PROXY: 'http://one.example', HTTP_PROXY: 'http://other.example' });
    expect(both).toMatchObject({
      https: { origin: 'http://one.example' },
      http: { origin: 'http://other.example' },
    });
    expect(readFrom({ HTTP_PROXY: 'http://other.example' }).https).toBeNull();
  });

  it('is named in small letters first', () => {
    const { https } = readFrom({
      HTTPS_PROXY: 'http://capitals.example',
      https_proxy: 'http://small.example',
    });
    expect(https?.origin).toBe('http://small.example');
  });

  it.each([
    'http://anna:se cret@:8080',
    'http://anna:se#cret@proxy.example:8080',
    'http://anna:12#secret@proxy.example:8080',
    'http://anna:secret%zz@proxy.example:8080',
    'socks5://anna:secret@proxy.example:1080',
    'http://anna:secret@proxy.example:8080/path',
    'http://anna:secret@proxy.example:8080?secret',
  ])('that can’t be one is refused, and its password is not repeated: %s', (text) => {
    for (const variable of ['HTTPS_PROXY', 'http_proxy']) {
      expect(() => readFrom({ [variable]: text })).toThrow(
        expect.objectContaining({
          name: 'ConfigError',
          variable,
          message: expect.not.stringMatching(/se ?#?cret|anna/),
          remedy: expect.stringContaining('http://user:password@'),
        }),
      );
    }
  });
});

describe('an exception from the proxy', () => {
  it.each([
    ['*', { kind: 'all', port: null }],
    ['*:8443', { kind: 'all', port: 8443 }],
    ['corp.example', { kind: 'name', name: 'corp.example', subdomainsOnly: false, port: null }],
    ['.Corp.Example.', { kind: 'name', name: 'corp.example', subdomainsOnly: false, port: null }],
    ['*.corp.example', { kind: 'name', name: 'corp.example', subdomainsOnly: true, port: null }],
    ['corp.example:8443', { kind: 'name', name: 'corp.example', subdomainsOnly: false, port: 8443 }],
    ['bücher.example', { kind: 'name', name: 'xn--bcher-kva.example', subdomainsOnly: false, port: null }],
    ['10.0.0.0/8', { kind: 'range', range: '10.0.0.0/8', port: null }],
    ['fd00::/8', { kind: 'range', range: 'fd00::/8', port: null }],
    ['10.0.0.5', { kind: 'range', range: '10.0.0.5/32', port: null }],
    ['10.0.0.5:8443', { kind: 'range', range: '10.0.0.5/32', port: 8443 }],
    ['fd00::5', { kind: 'range', range: 'fd00::5/128', port: null }],
    ['[fd00::5]:8443', { kind: 'range', range: 'fd00::5/128', port: 8443 }],
  ])('is understood: %s', (entry, rule) => {
    expect(readFrom({ NO_PROXY: entry })).toMatchObject({ direct: [rule], unknownDirect: [] });
  });

  it('stands between commas, spaces or both', () => {
    const { direct } = readFrom({ no_proxy: ' one.example,two.example\tthree.example ,, ' });
    expect(direct.map((rule) => rule.kind === 'name' && rule.name)).toEqual([
      'one.example',
      'two.example',
      'three.example',
    ]);
  });

  it.each(['http://corp.example', '169.254/16', '169.254', '10.', '0x0a.1', '10.0.0.0/99', 'a/b', '.'])(
    'that means nothing here is kept apart, since other programs may know it: %s',
    (entry) => {
      expect(readFrom({ NO_PROXY: `${entry},corp.example` })).toMatchObject({
        direct: [{ name: 'corp.example' }],
        unknownDirect: [entry],
      });
    },
  );
});
