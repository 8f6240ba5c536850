import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { RawAnswer } from './serve-raw-answers.ts';

/** An answer that is no good, as a recipe: printed, it tells what was sent. */
export type RawRecipe =
  | AnswerRecipe
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'endless headers' | 'endless body' | 'bomb' | 'many hints' };

interface AnswerRecipe {
  kind: 'answer';
  statusLine: string;
  headers: [name: string, value: string][];
  body: string;
  coding: 'none' | 'gzip' | 'br' | 'twice';
  length: 'right' | 'none' | 'short' | 'long' | 'nonsense' | 'chunked' | 'cut chunk' | 'both';
  end: RawAnswer['end'];
}

const megabyte = 1024 * 1024;
/** What a server that never stops sends before the test does. */
const enoughMegabytes = 64;

/** @returns the answer that a recipe describes, which may be more than anybody wants to read */
export function cook(recipe: RawRecipe): RawAnswer {
  switch (recipe.kind) {
    case 'bytes':
      return { bytes: [Buffer.from(recipe.bytes)], end: 'close' };
    case 'endless headers':
      return { bytes: repeat('HTTP/1.1 200 OK\r\n', 'x-more: and more\r\n'.repeat(1000)), end: 'close' };
    case 'endless body':
      return {
        bytes: repeat('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n', 'x'.repeat(megabyte)),
        end: 'close',
      };
    case 'many hints':
      return { bytes: repeat('', 'HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n'.repeat(100)), end: 'close' };
    case 'bomb': {
      const bomb = gzipSync(Buffer.alloc(enoughMegabytes * megabyte));
      const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
      return { bytes: [Buffer.from(head), bomb], end: 'close' };
    }
    default:
      return cookAnswer(recipe);
  }
}

function cookAnswer(recipe: AnswerRecipe): RawAnswer {
  const content = encode(Buffer.from(recipe.body), recipe.coding);
  const headers = [
    ...recipe.headers,
    ...codingHeader(recipe.coding),
    ...lengthHeader(recipe.length, content.length),
  ];
  const lines = headers.map(([name, text]) => `${name}: ${text}\r\n`).join('');
  const isChunked = ['chunked', 'cut chunk', 'both'].includes(recipe.length);
  const size = recipe.length === 'cut chunk' ? content.length + 10 : content.length;
  const framed = isChunked
    ? Buffer.concat([
        Buffer.from(`${size.toString(16)}\r\n`),
        content,
        Buffer.from(recipe.length === 'cut chunk' ? '' : '\r\n0\r\n\r\n'),
      ])
    : content;
  return { bytes: [Buffer.from(`${recipe.statusLine}\r\n${lines}\r\n`, 'latin1'), framed], end: recipe.end };
}

function encode(content: Buffer, coding: AnswerRecipe['coding']): Buffer {
  if (coding === 'none') return content;
  if (coding === 'br') return brotliCompressSync(content);
  return coding === 'gzip' ? gzipSync(content) : gzipSync(brotliCompressSync(content));
}

function codingHeader(coding: AnswerRecipe['coding']): [string, string][] {
  if (coding === 'none') return [];
  return [['content-encoding', coding === 'twice' ? 'br, gzip' : coding]];
}

function lengthHeader(length: AnswerRecipe['length'], actual: number): [string, string][] {
  const chunked: [string, string] = ['transfer-encoding', 'chunked'];
  switch (length) {
    case 'none':
      return [];
    case 'right':
      return [['content-length', String(actual)]];
    case 'short':
      return [['content-length', String(Math.max(0, actual - 3))]];
    case 'long':
      return [['content-length', String(actual + 10)]];
    case 'nonsense':
      return [['content-length', '9'.repeat(30)]];
    case 'both':
      return [['content-length', String(actual)], chunked];
    default:
      return [chunked];
  }
}

function* repeat(first: string, more: string): Generator<Buffer> {
  yield Buffer.from(first);
  const chunk = Buffer.from(more);
  for (let sent = 0; sent < enoughMegabytes * megabyte; sent += chunk.length) yield chunk;
}
