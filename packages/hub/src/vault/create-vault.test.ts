import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVault } from './create-vault.ts';
import { fixedKeyring } from './keyring.ts';
import type { VaultKey } from './vault-key.ts';

const random = { bytes: (count: number) => randomBytes(count) };
const key = (id: string): VaultKey => ({ id, secret: randomBytes(32) });
const place = 'token_sets/1/sealed_access_token';

describe('the vault', () => {
  it.each(['', 'secret', 'mit Umlaut: ä, 日本語, 🔑', '\0', 'a.b.c', '{"a":[1]}'])(
    'opens what it sealed, whatever the text: %j',
    (text) => {
      const vault = createVault(fixedKeyring([key('a')]), random);
      expect(vault.open(vault.seal(text, place), place)).toBe(text);
    },
  );

  it('seals the same text differently each time, and shows nothing of it', () => {
    const vault = createVault(fixedKeyring([key('a')]), random);
    const [one, other] = [vault.seal('a refresh token', place), vault.seal('a refresh token', place)];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.split('.')[2] ?? '', 'base64url').includes('refresh')).toBe(false);
  });

  it('seals with the first key and opens with each (lesson 15)', () => {
    const [old, fresh] = [key('old'), key('fresh')];
    const sealedBefore = createVault(fixedKeyring([old]), random).seal('secret', place);
    const vault = createVault(fixedKeyring([fresh, old]), random);
    expect(vault.open(sealedBefore, place)).toBe('secret');
    expect(vault.seal('secret', place)).toMatch(/^v1\.fresh\./);
  });

  it('does not open what was moved to another row (lesson 15)', () => {
    const vault = createVault(fixedKeyring([key('a')]), random);
    const sealed = vault.seal('secret', place);
    expect(() => vault.open(sealed, 'token_sets/2/sealed_access_token')).toThrow(
      expect.objectContaining({ code: 'vault_unreadable' }),
    );
  });

  it('names the key that is missing (lesson 15)', () => {
    const sealed = createVault(fixedKeyring([key('gone')]), random).seal('secret', place);
    expect(() => createVault(fixedKeyring([key('here')]), random).open(sealed, place)).toThrow(
      expect.objectContaining({ code: 'vault_key_unknown', message: expect.stringContaining('"gone"') }),
    );
  });

  it('does not open what another key of the same name sealed', () => {
    const sealed = createVault(fixedKeyring([key('a')]), random).seal('secret', place);
    expect(() => createVault(fixedKeyring([key('a')]), random).open(sealed, place)).toThrow(
      expect.objectContaining({ code: 'vault_unreadable' }),
    );
  });

  it('does not open a text with any bit changed', () => {
    const vault = createVault(fixedKeyring([key('a')]), random);
    const [version, id, text = ''] = vault.seal('secret', place).split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(index) ^ 1, index);
      expect(() => vault.open(`${version}.${id}.${damaged.toString('base64url')}`, place)).toThrow(
        expect.objectContaining({ code: 'vault_unreadable' }),
      );
    }
  });

  it.each([
    '',
    'secret',
    'v1.a',
    'v1.a.AAAA',
    'v2.a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'v1.a.%%%',
  ])('does not take %j for a sealed text', (text) => {
    expect(() => createVault(fixedKeyring([key('a')]), random).open(text, place)).toThrow(
      expect.objectContaining({ code: 'vault_unreadable' }),
    );
  });

  it('writes what every version of it has written: nonce, ciphertext and tag behind version and key id', () => {
    const fixed = {
      key: { id: 'a', secret: Buffer.alloc(32, 1) },
      random: { bytes: (count: number) => Buffer.alloc(count, 2) },
    };
    const vault = createVault(fixedKeyring([fixed.key]), fixed.random);
    const sealed = 'v1.a.AgICAgICAgICAgICdLOqOy8jP3FppU6dh1qSW3lMRAM40g';
    expect(vault.seal('secret', place)).toBe(sealed);
    expect(vault.open(sealed, place)).toBe('secret');
  });

  it('does not open a text of another version, though all else is right', () => {
    const vault = createVault(fixedKeyring([key('a')]), random);
    const sealed = vault.seal('secret', place).replace(/^v1/, 'v2');
    expect(() => vault.open(sealed, place)).toThrow(
      expect.objectContaining({ code: 'vault_unreadable', message: `${place} is no sealed text.` }),
    );
  });

  it.each([
    [27, 'is no sealed text.'],
    [28, 'is damaged or belongs elsewhere.'],
  ])('tells a text of %i bytes from one that holds something', (length, what) => {
    const text = `v1.a.${Buffer.alloc(length, 7).toString('base64url')}`;
    expect(() => createVault(fixedKeyring([key('a')]), random).open(text, place)).toThrow(
      expect.objectContaining({ message: `${place} ${what}` }),
    );
  });

  it('needs a key', () => {
    expect(() => createVault(fixedKeyring([]), random)).toThrow(
      expect.objectContaining({ code: 'keys_malformed' }),
    );
  });
});
