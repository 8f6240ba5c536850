import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, linkSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { readKeyFile } from './read-key-file.ts';

// Still the real file system; what is asked of it is noted.
vi.mock('node:fs', { spy: true });

const random = { bytes: (count: number) => randomBytes(count) };

let folder: string;
let file: string;
beforeEach(() => {
  folder = makeTemporaryFolder();
  file = path.join(folder, 'vault.key');
  vi.clearAllMocks();
});

function failToFlushTheFolder(code: string): void {
  vi.mocked(fsyncSync).mockImplementationOnce(() => undefined);
  vi.mocked(fsyncSync).mockImplementationOnce(() => {
    throw Object.assign(new Error('fsync failed'), { code });
  });
}

const read = (mayMake: boolean) => readKeyFile(folder, { mayMake, random });

describe('the key file', () => {
  it('is whole and on the disk before it has its name, and so is the name in the end', () => {
    expect(read(true)).toEqual([{ id: expect.any(String), secret: expect.any(Buffer) }]);
    const [syncOfText = 0, syncOfName = 0] = vi.mocked(fsyncSync).mock.invocationCallOrder;
    const [naming = 0] = vi.mocked(linkSync).mock.invocationCallOrder;
    expect(syncOfText).toBeGreaterThan(0);
    expect(naming).toBeGreaterThan(syncOfText);
    expect(syncOfName).toBeGreaterThan(naming);
    const [synced, folderSynced] = vi.mocked(fsyncSync).mock.calls.flat();
    const opened = vi.mocked(openSync).mock.results.map(({ value }) => value);
    expect(opened).toEqual([synced, folderSynced]);
    expect(vi.mocked(openSync).mock.calls[1]?.[0]).toBe(folder);
  });

  it('is left closed, and its folder, too', () => {
    read(true);
    const opened = vi.mocked(openSync).mock.results.map(({ value }) => value);
    expect(vi.mocked(closeSync).mock.calls.flat()).toEqual(opened);
  });

  it('is drafted under a name that nobody guesses', () => {
    read(true);
    const [draft] = vi.mocked(openSync).mock.calls[0] ?? [];
    expect(String(draft).slice(file.length)).toMatch(/^\.[\da-f]{16}$/);
  });

  it('ends with its line, as text files do', () => {
    const keys = read(true);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^[\da-f]{8}:[\w+/]{43}=\n$/);
    expect(read(false)).toEqual(keys);
  });

  it.each([0o601, 0o602, 0o604, 0o644, 0o444])('with the mode %o is open to others', (mode) => {
    read(true);
    chmodSync(file, mode);
    expect(() => read(false)).toThrow(
      expect.objectContaining({
        code: 'key_file_exposed',
        message: expect.stringContaining(file),
        remedy: expect.stringMatching(/chmod o=.*defaultMode 0440/),
      }),
    );
  });

  // https://kubernetes.io/docs/tasks/configure-pod-container/security-context/: the group may read at each mount.
  it.each([0o400, 0o600, 0o700, 0o440, 0o640, 0o660])(
    'with the mode %o is its owner’s, and at most a group’s',
    (mode) => {
      const keys = read(true);
      chmodSync(file, mode);
      expect(read(false)).toEqual(keys);
    },
  );

  it('is read on Windows whatever its mode, which says nothing there', () => {
    const onWindows = (mayMake: boolean) => readKeyFile(folder, { mayMake, random, platform: 'win32' });
    const keys = onWindows(true);
    chmodSync(file, 0o666);
    expect(onWindows(false)).toEqual(keys);
  });

  it('is made on Windows without flushing its folder, which is refused there', () => {
    expect(readKeyFile(folder, { mayMake: true, random, platform: 'win32' })).toHaveLength(1);
    const opened = vi.mocked(openSync).mock.calls.map(([name]) => name);
    expect(opened).not.toContain(folder);
    expect(fsyncSync).toHaveBeenCalledTimes(1);
  });

  it.each(['EINVAL', 'ENOTSUP'])('is made on shares that flush no folder: %s', (code) => {
    failToFlushTheFolder(code);
    expect(read(true)).toHaveLength(1);
    const opened = vi.mocked(openSync).mock.results.map(({ value }) => value);
    expect(vi.mocked(closeSync).mock.calls.flat()).toEqual(opened);
  });

  it('is not taken for made where its folder could not be flushed', () => {
    failToFlushTheFolder('EIO');
    expect(() => read(true)).toThrow(expect.objectContaining({ code: 'key_file_unusable' }));
  });

  it('that is missing is named, with the other way to give keys', () => {
    expect(() => read(false)).toThrow(
      expect.objectContaining({
        code: 'keys_missing',
        message: expect.stringContaining(`there is no ${file}, and LATCHKEY_KEYS is not set`),
      }),
    );
  });

  it('that can’t be looked at is told, with the other way to give keys', () => {
    vi.mocked(statSync).mockImplementationOnce(() => {
      throw Object.assign(new Error('permission denied, stat'), { code: 'EACCES' });
    });
    expect(() => read(true)).toThrow(
      expect.objectContaining({
        code: 'key_file_unusable',
        remedy: expect.stringContaining('LATCHKEY_KEYS'),
      }),
    );
  });

  it('that can’t get its name ends the start, and leaves no draft', () => {
    vi.mocked(linkSync).mockImplementationOnce(() => {
      throw Object.assign(new Error('No links here.'), { code: 'EPERM' });
    });
    expect(() => read(true)).toThrow(
      expect.objectContaining({
        code: 'key_file_unusable',
        cause: expect.objectContaining({ code: 'EPERM' }),
      }),
    );
    const [draft] = vi.mocked(openSync).mock.calls[0] ?? [];
    expect(() => readFileSync(String(draft))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
