import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { createVault } from './create-vault.ts';
import { fileKeyring } from './file-keyring.ts';
import { isWrapped } from './kept-key.ts';
import { fixedKeyring } from './keyring.ts';
import { readKeyFile, versionOfKeyFile, writeKeyFile } from './read-key-file.ts';
import type { VaultKey } from './vault-key.ts';

const random = { bytes: (count: number) => randomBytes(count) };
const key = (id: string): VaultKey => ({ id, secret: randomBytes(32) });
const place = 'connections/1/sealed_client_secret';

function openFile() {
  const dataFolder = makeTemporaryFolder();
  const clock = createTestClock();
  const kept = readKeyFile(dataFolder, { mayMake: true, random });
  const [old] = kept;
  if (!old || isWrapped(old)) throw new Error('No bare key was made.');
  const first = { kept, version: versionOfKeyFile(dataFolder), keys: [old] };
  return {
    dataFolder,
    clock,
    old,
    file: path.join(dataFolder, 'vault.key'),
    vault: createVault(fileKeyring(dataFolder, { clock, first, wrapper: null }), random),
    write: (keys: VaultKey[]) => writeKeyFile(dataFolder, keys, { random }),
  };
}

describe('a key file that changes while a hub runs', () => {
  it('opens at once what another hub has sealed with a key that is new', () => {
    const { old, vault, write } = openFile();
    const fresh = key('fresh');
    write([fresh, old]);
    const sealedElsewhere = createVault(fixedKeyring([fresh]), random).seal('secret', place);
    expect(vault.open(sealedElsewhere, place)).toBe('secret');
  });

  it('seals with the new key a second later, and not at once with one that was just looked for', () => {
    const { old, clock, vault, write } = openFile();
    write([key('fresh'), old]);
    clock.advance(999);
    expect(vault.seal('secret', place)).toMatch(`v1.${old.id}.`);
    clock.advance(1);
    expect(vault.seal('secret', place)).toMatch('v1.fresh.');
  });

  it('opens no more what a key has sealed that is gone', () => {
    const { old, clock, vault, write } = openFile();
    const sealed = vault.seal('secret', place);
    write([key('fresh')]);
    clock.advance(1_000);
    vault.seal('anything', place);
    expect(() => vault.open(sealed, place)).toThrow(
      expect.objectContaining({ code: 'vault_key_unknown', message: expect.stringContaining(old.id) }),
    );
  });

  it.each([
    ['is gone', (file: string) => rmSync(file)],
    ['is no key file', (file: string) => writeFileSync(file, 'no keys')],
    ['is open to everybody', (file: string) => chmodSync(file, 0o644)],
  ])('takes no keys from the hub when it %s', (_what, damage) => {
    const { file, old, clock, vault, write } = openFile();
    const sealed = vault.seal('secret', place);
    write([old, key('another')]);
    damage(file);
    clock.advance(1_000);
    expect(vault.open(vault.seal('more', place), place)).toBe('more');
    expect(vault.open(sealed, place)).toBe('secret');
  });
});

describe('a key file that is written anew', () => {
  it('keeps its rights, and leaves nothing beside it', () => {
    const { dataFolder, file, old, write } = openFile();
    chmodSync(file, 0o640);
    write([old, key('other')]);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(dataFolder)).toEqual(['vault.key']);
    expect(readKeyFile(dataFolder).map(({ id }) => id)).toEqual([old.id, 'other']);
  });

  it('that can’t be says so', () => {
    const { dataFolder, old } = openFile();
    rmSync(dataFolder, { recursive: true });
    writeFileSync(dataFolder, '');
    expect(() => writeKeyFile(dataFolder, [old], { random })).toThrow(
      expect.objectContaining({ code: 'key_file_unusable' }),
    );
  });
});
