import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptEncoding, decodeBody } from './decode-body.ts';
import { OutboundError } from './outbound-http.ts';

const mostBytes = 10_000;
const codings = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  identity: (bytes: Buffer) => bytes,
} as const;
const coding = fc.constantFrom('gzip', 'x-gzip', 'deflate', 'br', 'identity' as const);

function decode(bytes: Uint8Array, contentEncoding?: string, contentType?: string): string {
  return decodeBody({ bytes: Buffer.from(bytes), contentEncoding, contentType, mostBytes });
}

function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof OutboundError) return error.code;
    throw error;
  }
}

describe('the body of an answer', () => {
  it('is what was sent, however it is encoded', () => {
    const text = fc.string({ unit: 'binary', maxLength: 500 }).map((one) => one.toWellFormed());
    fc.assert(
      fc.property(text, fc.array(coding, { maxLength: 3 }), fc.boolean(), (sent, names, isMarked) => {
        const plain = Buffer.from(isMarked ? `\uFEFF${sent}` : sent.replace(/^\uFEFF/, ''));
        const bytes = names.reduce<Buffer>((encoded, name) => codings[name](encoded), plain);
        const header = names.map((name) => name.toUpperCase()).join(' ,');
        expect(decode(bytes, header, 'application/json')).toBe(isMarked ? sent : sent.replace(/^\uFEFF/, ''));
      }),
    );
  });

  it('is a text or an OutboundError, whatever it is', () => {
    const header = fc.option(fc.oneof(coding, fc.string(), fc.array(coding).map(String)), { nil: undefined });
    const type = fc.option(
      fc.oneof(fc.string(), fc.constantFrom('a; charset=utf-16', 'a;charset="x', 'a; charset=iso-2022-kr')),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.uint8Array(), header, type, (bytes, contentEncoding, contentType) => {
        expect(codeOf(() => decode(bytes, contentEncoding, contentType))).toBeOneOf([
          null,
          'ANSWER_UNREADABLE',
        ]);
      }),
    );
  });

  it.each(Object.entries(codings).slice(0, -1))('is no larger by %s than it may be', (name, encode) => {
    expect(codeOf(() => decode(encode(Buffer.alloc(mostBytes + 1)), name))).toBe('ANSWER_TOO_LARGE');
    expect(codeOf(() => decode(encode(Buffer.alloc(mostBytes)), name))).toBeNull();
  });

  it('is no larger by gzip that is not told', () => {
    expect(codeOf(() => decode(gzipSync(Buffer.alloc(mostBytes + 1))))).toBe('ANSWER_TOO_LARGE');
  });

  it.each(['zstd', 'constructor', '__proto__', 'gzip;q=1'])('is in no encoding called %s', (name) => {
    expect(codeOf(() => decode(Buffer.from('text'), name))).toBe('ANSWER_UNREADABLE');
  });

  it.each(Object.keys(codings))('may be empty and called %s', (name) => {
    expect(decode(Buffer.alloc(0), name)).toBe('');
  });

  it('is not unpacked time and again', () => {
    const four = ['gzip', 'gzip', 'gzip', 'gzip'];
    const bytes = four.reduce<Buffer>((encoded) => gzipSync(encoded), Buffer.from('text'));
    expect(codeOf(() => decode(bytes, four.join(',')))).toBe('ANSWER_UNREADABLE');
    expect(codeOf(() => decode(gzipSync('text'), 'identity,,identity,identity,identity,gzip'))).toBeNull();
  });

  it.each([
    ['utf-8', Buffer.from('é')],
    ['"iso-8859-1"', Buffer.from('é', 'latin1')],
    ['UTF-16LE', Buffer.from('é', 'utf16le')],
    // JSON is UTF-8 where nobody knows the character set.
    ['unheard-of', Buffer.from('é')],
  ])('is in the character set %s', (label, bytes) => {
    expect(decode(bytes, undefined, `application/json; x=y ; charset = ${label}`)).toBe('é');
  });

  it.each([
    ['utf-8', '\uFEFFé', 'utf8'],
    ['utf-16', '\uFEFFé', 'utf16le'],
  ] as const)('is in the character set that its byte order mark tells: %s', (_charset, text, encoding) => {
    expect(decode(Buffer.from(text, encoding), undefined, 'application/json; charset=iso-8859-1')).toBe('é');
    expect(decode(Buffer.of(0xfe, 0xff, 0, 0xe9))).toBe('é');
  });

  it('is asked for in the encodings that are known', () => {
    expect(acceptEncoding.split(', ').every((name) => name in codings)).toBe(true);
  });
});
