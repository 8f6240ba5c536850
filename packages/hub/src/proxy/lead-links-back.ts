import { pipeline, Readable, Transform, type Writable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { AnswerHeaders } from './forward-headers.ts';
import type { CallBody } from './read-call-body.ts';
import { createLinkRewriter, type LinkRewriting } from './rewrite-links.ts';

/** By this header a caller says where links in answers lead: `environment` or `hub`. */
export const linksHeader = 'latchkey-links';

export type LinksWish = 'environment' | 'hub';

/** @returns undefined where there is no header, null for a value that it does not have */
export function readLinksWish(value: string | string[] | undefined): LinksWish | null | undefined {
  if (value === undefined) return undefined;
  return value === 'environment' || value === 'hub' ? value : null;
}

/**
 * What is done to a call so that a client which takes the hub for the environment can follow the links of its answers:
 * they lead to the hub, and what the client sends back of them to the environment.
 */
export interface LinksBack {
  /** @param path path and query of the request */
  target(path: string): string;
  headersForEnvironment(headers: readonly string[]): string[];
  body(headers: AnswerHeaders, body: CallBody): CallBody;
  headersForCaller(headers: readonly string[]): string[];
  /** @returns what the answer is written to instead of to the caller; null where nothing in it is a link */
  answerBody(headers: AnswerHeaders, caller: Writable): Writable | null;
}

/**
 * Links that a client follows. Not `@odata.context` and `@odata.id`: they are names, which clients send back within
 * records and compare.
 */
const followedMembers = ['@odata.nextLink', '@odata.deltaLink'];
const followedHeaders: ReadonlySet<string> = new Set(['location', 'odata-entityid', 'content-location']);
/** Addresses that a client makes of the one that it was given, to name other records. */
const sentMembers = ['@odata.id', '@odata.bind'];

const answerHeads = ['HTTP/1.1 '];
const requestHeads = ['GET ', 'POST ', 'PATCH ', 'PUT ', 'DELETE ', 'HEAD '];

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * @param environment its origin
 * @param hub the address that stands in for the environment, without a slash at its end
 */
export function leadLinksBack(environment: string, hub: string): LinksBack {
  const [there, here] = [`${environment}/api/data/`, `${hub}/api/data/`];

  return {
    // In `$id`, which names a record to be let go of.
    target: (path) =>
      path.replaceAll(encodeURIComponent(here), encodeURIComponent(there)).replaceAll(here, there),
    headersForEnvironment(headers) {
      // What is read on the way is not to come compressed, and what is sent may get another length.
      const kept = without(headers, new Set(['accept-encoding', 'content-length']));
      return [...kept, 'accept-encoding', 'identity'];
    },
    body(headers, body) {
      const rewriter = rewriterFor(headers, {
        from: here,
        to: there,
        members: sentMembers,
        heads: requestHeads,
      });
      if (body === null || rewriter === null) return body;
      if (!(body instanceof Readable)) return Buffer.concat([rewriter.push(body), rewriter.end()]);
      // Who takes the stream is told of its failure by the stream.
      return pipeline(body, throughRewriter(rewriter), () => undefined);
    },
    headersForCaller(headers) {
      const led: string[] = [];
      for (let index = 0; index < headers.length; index += 2) {
        const [name = '', value = ''] = [headers[index], headers[index + 1]];
        const isLed = followedHeaders.has(name) && value.startsWith(there);
        led.push(name, isLed ? here + value.slice(there.length) : value);
      }
      return led;
    },
    answerBody(headers, caller) {
      const rewriter = rewriterFor(headers, {
        from: there,
        to: here,
        members: followedMembers,
        heads: answerHeads,
      });
      const coding = headers['content-encoding']?.toString().trim().toLowerCase() ?? '';
      const decoder = decoders[coding]?.() ?? null;
      if (rewriter === null || (decoder === null && coding !== '' && coding !== 'identity')) return null;
      const through = throughRewriter(rewriter);
      // A failure ends the caller's connection, as that of an untouched answer does.
      if (decoder === null) pipeline(through, caller, () => undefined);
      else pipeline(decoder, through, caller, () => undefined);
      return decoder ?? through;
    },
  };
}

/** @returns the headers of an answer whose body is written anew */
export function headersOfRewritten(headers: readonly string[]): string[] {
  return without(headers, new Set(['content-length', 'content-encoding']));
}

function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  return headers.filter((_, index) => !names.has(headers[index - (index % 2)]?.toLowerCase() ?? ''));
}

function rewriterFor(headers: AnswerHeaders, rewriting: LinkRewriting) {
  const type = headers['content-type']?.toString().split(';')[0]?.trim().toLowerCase() ?? '';
  const hasLinks = type === 'application/json' || type.endsWith('+json') || type === 'multipart/mixed';
  return hasLinks ? createLinkRewriter(rewriting) : null;
}

function throughRewriter(rewriter: ReturnType<typeof createLinkRewriter>): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, rewriter.push(chunk));
    },
    flush(done) {
      done(null, rewriter.end());
    },
  });
}
