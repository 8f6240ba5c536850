import { brotliDecompressSync, gunzipSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { OutboundError } from './outbound-http.ts';

type Decompress = (bytes: Buffer, options: ZlibOptions) => Buffer;

/** RFC 9110 §8.4.1; `deflate` is the zlib format. */
const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** What `decodeBody` decodes, for the header `Accept-Encoding`. */
export const acceptEncoding = 'gzip, deflate, br';

/** One, or two where a proxy has added its own. Each takes as long as a whole body. */
const mostEncodings = 3;

interface EncodedBody {
  bytes: Buffer;
  contentEncoding: string | undefined;
  contentType: string | undefined;
  /** Larger ones are refused, so that a small answer can't fill the memory. */
  mostBytes: number;
}

/**
 * Makes the text of an answer's body: decompressed, in its character set (UTF-8 where none is told), without a byte
 * order mark.
 *
 * @throws OutboundError `ANSWER_TOO_LARGE`; `ANSWER_UNREADABLE` for an encoding that is not known or not kept
 */
export function decodeBody({ bytes, contentEncoding, contentType, mostBytes }: EncodedBody): string {
  const encodings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (encodings.length > mostEncodings) {
    throw new OutboundError('ANSWER_UNREADABLE', `The answer is encoded more than ${mostEncodings} times.`);
  }
  const plain = encodings.reduceRight((encoded, name) => decompress(encoded, name, mostBytes), bytes);
  const isGzipUntold = plain.length > 2 && plain[0] === 0x1f && plain[1] === 0x8b;
  const text = isGzipUntold ? decompress(plain, 'gzip', mostBytes) : plain;
  return textDecoder(markedCharset(text) ?? toldCharset(contentType)).decode(text);
}

function decompress(bytes: Buffer, encoding: string, mostBytes: number): Buffer {
  if (bytes.length === 0) return bytes;
  const decompressor = Object.hasOwn(decompressors, encoding) ? decompressors[encoding] : undefined;
  if (!decompressor) {
    throw new OutboundError('ANSWER_UNREADABLE', 'The answer is in an encoding that was not asked for.');
  }
  try {
    return decompressor(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge
      ? new OutboundError('ANSWER_TOO_LARGE', `The answer is larger than ${mostBytes} bytes.`, { cause })
      : new OutboundError('ANSWER_UNREADABLE', `The answer is not the ${encoding} that it says.`, { cause });
  }
}

/** A byte order mark is more likely than the header to be right (Encoding Standard, "decode"). */
const byteOrderMarks: readonly (readonly [charset: string, mark: Buffer])[] = [
  ['utf-8', Buffer.of(0xef, 0xbb, 0xbf)],
  ['utf-16be', Buffer.of(0xfe, 0xff)],
  ['utf-16le', Buffer.of(0xff, 0xfe)],
];

function markedCharset(text: Buffer): string | undefined {
  return byteOrderMarks.find(([, mark]) => text.subarray(0, mark.length).equals(mark))?.[0];
}

function toldCharset(contentType = ''): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
}

/** A decoder leaves a byte order mark out by itself. */
function textDecoder(charset = 'utf-8') {
  try {
    return new TextDecoder(charset);
  } catch (error) {
    // Nobody knows that character set: JSON is UTF-8 (RFC 8259 §8.1).
    if (error instanceof RangeError) return new TextDecoder();
    throw error;
  }
}
