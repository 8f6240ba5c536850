import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { WrappingKeyConfig } from '../config/read-wrapping-key.ts';
import { parseWrappingKey } from '../config/read-wrapping-key.ts';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { openKeptKeys } from './key-source.ts';
import { readKeyFile, writeKeyFile } from './read-key-file.ts';
import { type RewrapOptions, rewrapKeys } from './rewrap-keys.ts';
import { away, createMemoryWrapper, type MemoryWrapper, someWrappingKey } from './testing/memory-wrapper.ts';

// Still the real file system; a test may spoil one call.
vi.mock('node:fs', { spy: true });

const random = { bytes: (count: number) => randomBytes(count) };
const keys = ['first', 'second'].map((id) => ({ id, secret: randomBytes(32) }));
const otherKey = 'https://fabrikam.vault.azure.net/keys/other';

let dataFolder: string;
let file: string;
let wrappers: Record<string, MemoryWrapper>;
beforeEach(() => {
  dataFolder = makeTemporaryFolder();
  file = path.join(dataFolder, 'vault.key');
  wrappers = Object.fromEntries(
    [someWrappingKey, otherKey].map((address) => [address, createMemoryWrapper(address)]),
  );
  writeKeyFile(dataFolder, keys, { random });
  vi.clearAllMocks();
});

function open({ address }: WrappingKeyConfig): MemoryWrapper {
  const wrapper = wrappers[address];
  if (!wrapper) throw new Error(`Nobody has ${address}.`);
  return wrapper;
}

const rewrap = (
  configured: string | null,
  to: RewrapOptions['to'],
  { from = null, environmentKeys = null }: { from?: string | null; environmentKeys?: string | null } = {},
) =>
  rewrapKeys(
    {
      keys: environmentKeys,
      wrappingKey: configured === null ? null : parseWrappingKey(configured),
      dataFolder,
    },
    { to, from: from === null ? null : parseWrappingKey(from), random, open },
  );

const opened = (address: string | null = someWrappingKey) =>
  openKeptKeys(address === null ? null : (wrappers[address] ?? null), readKeyFile(dataFolder));

describe('the keys of a key file', () => {
  it('are wrapped, the same ones in the same order, and nothing of them stays in the clear', async () => {
    chmodSync(file, 0o640);
    const { place, wrappedBy } = await rewrap(someWrappingKey, 'wrapped');
    expect(place).toBe(file);
    const version = expect.stringMatching(new RegExp(`^${someWrappingKey}/[\\da-f]{32}$`));
    expect([...wrappedBy]).toEqual([
      ['first', version],
      ['second', version],
    ]);
    expect(await opened()).toEqual(keys);
    const text = readFileSync(file, 'utf8');
    for (const { secret } of keys) expect(text).not.toContain(secret.toString('base64'));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(dataFolder)).toEqual(['vault.key']);
  });

  it('are nowhere beside it in the clear, though a command was killed that was about to change them', async () => {
    const names = ['vault.key.0123456789abcdef', 'vault.key.backup', 'vault.key.0123456789abcdef.txt'];
    for (const name of names) writeFileSync(path.join(dataFolder, name), 'first:key');
    await rewrap(someWrappingKey, 'wrapped');
    expect(readdirSync(dataFolder).toSorted()).toEqual([
      'vault.key',
      'vault.key.0123456789abcdef.txt',
      'vault.key.backup',
    ]);
  });

  it('are put back bare', async () => {
    await rewrap(someWrappingKey, 'wrapped');
    expect([...(await rewrap(someWrappingKey, 'bare')).wrappedBy.values()]).toEqual([null, null]);
    expect(await opened(null)).toEqual(keys);
  });

  it('are wrapped anew by the current version, when the service has rotated its key', async () => {
    await rewrap(someWrappingKey, 'wrapped');
    const newer = wrappers[someWrappingKey]?.rotate();
    expect([...(await rewrap(someWrappingKey, 'wrapped')).wrappedBy.values()]).toEqual([newer, newer]);
    expect(await opened()).toEqual(keys);
  });

  it('are wrapped by another key, where whoever does it names the one from before', async () => {
    await rewrap(someWrappingKey, 'wrapped');
    await expect(rewrap(otherKey, 'wrapped')).rejects.toMatchObject({ code: 'keys_wrapped_otherwise' });
    expect(await opened()).toEqual(keys);
    await rewrap(otherKey, 'wrapped', { from: someWrappingKey });
    expect(await opened(otherKey)).toEqual(keys);
  });

  it('are put there bare without the setting, where whoever does it names the key', async () => {
    await rewrap(someWrappingKey, 'wrapped');
    await expect(rewrap(null, 'bare')).rejects.toMatchObject({ code: 'keys_wrapped' });
    await rewrap(null, 'bare', { from: someWrappingKey });
    expect(await opened(null)).toEqual(keys);
  });

  it.each([
    ['without a setting', null, {}, 'wrapping_key_unset'],
    ['while LATCHKEY_KEYS gives them', null, { environmentKeys: 'a:b' }, 'keys_kept_elsewhere'],
  ])('are not wrapped %s', async (_what, configured, more, code) => {
    await expect(rewrap(configured, 'wrapped', more)).rejects.toMatchObject({ code });
    expect(await opened(null)).toEqual(keys);
  });

  it.each(['wrapped', 'bare'] as const)('stay as they are while the service is away (%s)', async (to) => {
    await rewrap(someWrappingKey, 'wrapped');
    const before = readFileSync(file);
    const wrapper = wrappers[someWrappingKey];
    if (wrapper) wrapper.failure = away();
    await expect(rewrap(someWrappingKey, to)).rejects.toMatchObject({ code: 'wrapping_service_unavailable' });
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(dataFolder)).toEqual(['vault.key']);
  });

  it.each<[string, (id: string) => string]>([
    ['another key of that id', (id) => `${id}:${randomBytes(32).toString('base64')}`],
    ['nonsense', () => 'nonsense'],
  ])('are not trusted to a service that gives %s back', async (_what, give) => {
    const wrapper = wrappers[someWrappingKey];
    if (wrapper) wrapper.unwrap = async ({ id }) => Buffer.from(give(id));
    await expect(rewrap(someWrappingKey, 'wrapped')).rejects.toMatchObject({ code: 'keys_not_unwrapped' });
    expect(await opened(null)).toEqual(keys);
  });

  it('that another command changes meanwhile are not written over', async () => {
    const wrapper = wrappers[someWrappingKey];
    const wrap = wrapper?.wrap.bind(wrapper);
    const third = { id: 'third', secret: randomBytes(32) };
    if (wrapper && wrap) {
      wrapper.wrap = (plain, id) => {
        if (id === 'second') writeKeyFile(dataFolder, [...keys, third], { random });
        return wrap(plain, id);
      };
    }
    await expect(rewrap(someWrappingKey, 'wrapped')).rejects.toMatchObject({ code: 'key_file_changed' });
    expect(await opened(null)).toEqual([...keys, third]);
    expect(readdirSync(dataFolder)).toEqual(['vault.key']);
  });

  it('can be read at every moment: the file is replaced by one step, when the new one is whole', async () => {
    vi.mocked(renameSync).mockImplementationOnce(() => {
      throw Object.assign(new Error('killed'), { code: 'EIO' });
    });
    await expect(rewrap(someWrappingKey, 'wrapped')).rejects.toMatchObject({ code: 'key_file_unusable' });
    expect(await opened(null)).toEqual(keys);
    await rewrap(someWrappingKey, 'wrapped');
    const [from, to] = vi.mocked(renameSync).mock.calls.at(-1) ?? [];
    expect([path.dirname(String(from)), to]).toEqual([dataFolder, file]);
  });
});
