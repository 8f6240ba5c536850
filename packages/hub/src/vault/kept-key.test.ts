import { describe, expect, it } from 'vitest';
import { formatKeptKeys, type KeptKey, parseKeptKeys } from './kept-key.ts';

const secret = Buffer.alloc(32, 7);
const base64 = secret.toString('base64');
const wrappedBy = `https://contoso.vault.azure.net/keys/latchkey/${'a'.repeat(32)}`;
const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd';

describe('a key file', () => {
  it('has wrapped and bare keys, a line each, and is read as it was written', () => {
    const keys: KeptKey[] = [
      { id: 'new', wrappedBy, wrapped: Buffer.from('wrapped') },
      { id: 'newer', wrappedBy: arn, wrapped: Buffer.from([0xff, 0xfe]) },
      { id: 'old', secret },
    ];
    const text = formatKeptKeys(keys);
    expect(text).toBe(`new ${wrappedBy} d3JhcHBlZA\nnewer ${arn} __4\nold:${base64}\n`);
    expect(parseKeptKeys(text, 'vault.key')).toEqual(keys);
    expect(parseKeptKeys(text.replaceAll('\n', '\r\n'), 'vault.key')).toEqual(keys);
  });

  it('may have bare keys as LATCHKEY_KEYS has them', () => {
    expect(parseKeptKeys(`a:${base64}, b:${base64} c:${base64}`, 'vault.key')).toHaveLength(3);
  });

  it.each([
    ['nothing', ''],
    ['an address that is none', `a https://contoso.vault.azure.net/secrets/latchkey d3JhcHBlZA`],
    ['a wrapped key of a service that is unknown', `a arn:aws:s3:::bucket d3JhcHBlZA`],
    ['a wrapped key without its text', `a ${wrappedBy}`],
    ['something behind the text', `a ${wrappedBy} d3JhcHBlZA more`],
    ['an id that is too long', `${'a'.repeat(33)} ${wrappedBy} d3JhcHBlZA`],
    ['one id twice, bare and wrapped', `a:${base64}\na ${wrappedBy} d3JhcHBlZA`],
  ])('is refused when there is %s', (_what, text) => {
    expect(() => parseKeptKeys(text, 'vault.key')).toThrow(
      expect.objectContaining({ code: 'keys_malformed', message: expect.stringContaining('vault.key') }),
    );
  });

  it('that is wrong is told by the place of the entry', () => {
    expect(() => parseKeptKeys(`a ${wrappedBy} d3JhcHBlZA\nwrong`, 'vault.key')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('vault.key, entry 2') }),
    );
  });
});
