import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatVaultKey, generateVaultKey, parseVaultKeys } from './vault-key.ts';

const secret = Buffer.alloc(32, 7);
const base64 = secret.toString('base64');

describe('keys as text', () => {
  it('are read in their order', () => {
    expect(parseVaultKeys(`new:${base64}, old:${base64}\n`, 'LATCHKEY_KEYS')).toEqual([
      { id: 'new', secret },
      { id: 'old', secret },
    ]);
  });

  it('may be written in base64url without padding', () => {
    const text = `a:${Buffer.alloc(32, 0xfb).toString('base64url')}`;
    expect(parseVaultKeys(text, 'LATCHKEY_KEYS')[0]?.secret).toEqual(Buffer.alloc(32, 0xfb));
  });

  it('are read back as they were made', () => {
    const made = generateVaultKey({ bytes: (count) => randomBytes(count) });
    const text = formatVaultKey(made);
    const [key] = parseVaultKeys(text, 'the key file');
    expect(key).toEqual(made);
    expect(key?.secret).toHaveLength(32);
    expect(key?.id).toMatch(/^[0-9a-f]{8}$/);
    expect(text.startsWith(`${key?.id}:`)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a key without an id', base64],
    ['an id without a key', 'a:'],
    ['an id with a dot, which would break the sealed text', `a.b:${base64}`],
    ['something behind the key', `a:${base64};b`],
    ['something before the id', `;a:${base64}`],
    ['an id that is too long', `${'a'.repeat(33)}:${base64}`],
    ['a short key', `a:${Buffer.alloc(16).toString('base64')}`],
    ['a long key', `a:${Buffer.alloc(33).toString('base64')}`],
    ['a second entry that is broken', `a:${base64},b`],
    ['one id twice', `a:${base64},a:${base64}`],
  ])('are refused when there is %s', (_name, text) => {
    expect(() => parseVaultKeys(text, 'LATCHKEY_KEYS')).toThrow(
      expect.objectContaining({ code: 'keys_malformed', message: expect.stringContaining('LATCHKEY_KEYS') }),
    );
  });

  it('are told by their place when one is wrong', () => {
    expect(() => parseVaultKeys(`a:${base64},wrong`, 'LATCHKEY_KEYS')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('LATCHKEY_KEYS, entry 2') }),
    );
  });

  it('may have an id of 32 characters', () => {
    expect(parseVaultKeys(`${'a'.repeat(32)}:${base64}`, 'LATCHKEY_KEYS')).toHaveLength(1);
  });

  it('are never repeated in the message', () => {
    const short = Buffer.alloc(20, 'secret').toString('base64');
    expect(() => parseVaultKeys(`a:${short}`, 'LATCHKEY_KEYS')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(short) }),
    );
  });
});
