import { describe, expect, it } from 'vitest';
import { nationalCloudConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { chooseRoute } from './choose-route.ts';

const secure = 'http://secure.example:8080';
const plain = 'http://plain.example:8080';

function route(address: string, noProxy = '', cloud = nationalCloudConfig('global')) {
  const environment = { HTTPS_PROXY: secure, HTTP_PROXY: plain, NO_PROXY: noProxy };
  const chosen = chooseRoute(loadConfig(environment, { cloud }), new URL(address));
  return chosen.via === 'proxy' ? chosen.proxy.origin : chosen.reason;
}

describe('a route', () => {
  it('leads through the proxy of the address’s scheme', () => {
    expect(route('https://login.microsoftonline.com')).toBe(secure);
    expect(route('http://10.0.0.5:5555')).toBe(plain);
  });

  it('is direct where no proxy is set for the scheme', () => {
    const config = loadConfig({ HTTP_PROXY: plain });
    expect(chooseRoute(config, new URL('https://login.microsoftonline.com'))).toEqual({
      via: 'direct',
      reason: 'no_proxy',
    });
  });

  it.each(['https://localhost:4491', 'http://crm.localhost:4483', 'https://127.0.0.2', 'https://[::1]:1'])(
    'to this machine is direct: %s',
    (address) => {
      expect(route(address)).toBe('this_machine');
    },
  );

  it('to the local cloud is direct, wherever that listens', () => {
    const local = {
      name: 'local',
      title: '',
      authority: 'https://cloud.test:4491',
      graph: 'https://cloud.test:4492',
      localEnvironments: ['https://cloud.test:4493'],
    } as const;
    for (const port of [4491, 4492, 4493]) {
      expect(route(`https://cloud.test:${port}`, '', local)).toBe('local_cloud');
    }
    expect(route('https://cloud.test:4494', '', local)).toBe(secure);
    expect(route('https://cloud.test:4491', '', { ...local, name: 'global' })).toBe(secure);
  });

  it.each([
    ['*', 'https://crm.example'],
    ['crm.example', 'https://crm.example'],
    ['crm.example', 'https://crm.example.'],
    ['crm.example', 'https://eu.crm.example'],
    ['.crm.example', 'https://crm.example'],
    ['*.crm.example', 'https://eu.crm.example'],
    ['CRM.Example', 'https://crm.example'],
    ['one.example other.example', 'https://other.example'],
    ['crm.example:443', 'https://crm.example'],
    ['crm.example:80', 'http://crm.example'],
    ['crm.example:8443', 'https://crm.example:8443'],
    ['*:8443', 'https://crm.example:8443'],
    ['10.0.0.0/8', 'https://10.1.2.3'],
    ['10.1.2.3', 'https://10.1.2.3:8443'],
    ['10.1.2.3', 'https://[::ffff:10.1.2.3]'],
    ['::ffff:10.1.2.3', 'https://[::ffff:10.1.2.3]'],
    ['::ffff:10.0.0.0/104', 'https://[::ffff:10.1.2.3]'],
    ['fd00::/8', 'https://[fd00::5]'],
    ['[fd00::5]:8443', 'https://[fd00::5]:8443'],
  ])('is direct with NO_PROXY=%s to %s', (noProxy, address) => {
    expect(route(address, noProxy)).toBe('excepted');
  });

  it.each([
    ['', 'https://crm.example'],
    ['rm.example', 'https://crm.example'],
    ['crm.example', 'https://crm.example.com'],
    ['*.crm.example', 'https://crm.example'],
    ['crm.example:8443', 'https://crm.example'],
    ['*:8443', 'https://crm.example'],
    ['10.0.0.0/8', 'https://11.0.0.1'],
    ['10.0.0.0/8', 'https://10.example'],
    ['fd00::/8', 'https://10.0.0.1'],
    ['10.1.2.3:8443', 'https://10.1.2.3'],
  ])('is not direct with NO_PROXY=%s to %s', (noProxy, address) => {
    expect(route(address, noProxy)).toBe(secure);
  });
});
