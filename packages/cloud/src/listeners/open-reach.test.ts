import { describe, expect, it } from 'vitest';
import { openReach, type Reach } from './open-reach.ts';

const local = { host: null, advertised: 'localhost', own: 'localhost', further: [] };

describe('where a cloud is reached', () => {
  it.each<[string, Parameters<typeof openReach>[0], Reach]>([
    ['this machine alone', {}, local],
    [
      'this machine alone, by another name',
      { publicHost: 'Cloud.Test' },
      { ...local, advertised: 'cloud.test', further: ['cloud.test'] },
    ],
    [
      'one address',
      { host: '192.0.2.7' },
      { host: '192.0.2.7', advertised: '192.0.2.7', own: '192.0.2.7', further: ['192.0.2.7'] },
    ],
    [
      'one address, by a name',
      { host: '192.0.2.7', publicHost: 'cloud.test' },
      {
        host: '192.0.2.7',
        advertised: 'cloud.test',
        own: '192.0.2.7',
        further: ['192.0.2.7', 'cloud.test'],
      },
    ],
    ['every address', { host: '0.0.0.0' }, { ...local, host: '0.0.0.0', own: '127.0.0.1' }],
    [
      'every address, by a name',
      { host: '::', publicHost: 'cloud.test' },
      { host: '::', advertised: 'cloud.test', own: '[::1]', further: ['cloud.test'] },
    ],
    [
      'IPv6, in brackets or not',
      { host: 'fd00::7', publicHost: '[FD00::8]' },
      { host: 'fd00::7', advertised: '[fd00::8]', own: '[fd00::7]', further: ['fd00::7', 'fd00::8'] },
    ],
  ])('%s', (_case, options, reach) => {
    expect(openReach(options)).toEqual(reach);
  });

  it.each([
    'http://cloud.test',
    'cloud.test:4481',
    'cloud.test/',
    'a b',
    '',
    '[fd00::7]x',
    'x[fd00::7]',
    'user@cloud.test',
  ])('is not %o', (name) => {
    const refusal = (what: string) =>
      expect.objectContaining({
        code: 'host_invalid',
        message: expect.stringContaining(`'${name}' is no ${what}. Write`),
      });
    expect(() => openReach({ host: name })).toThrow(refusal('host'));
    expect(() => openReach({ publicHost: name })).toThrow(refusal('public host'));
  });
});
