import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isRecord } from '../../ground/json.ts';

/** A JSON object, or why there is none: the end of a sentence that begins with the address. */
export type FetchedJson =
  | { fetched: true; json: Readonly<Record<string, unknown>> }
  | { fetched: false; reason: string };

const patienceMilliseconds = 5000;
const mostBytes = 256 * 1024;
const ok = 200;
const loopbackHost = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Whether an address is on this machine by its name alone. */
export function isOnLoopback({ protocol, hostname }: URL): boolean {
  return (protocol === 'http:' || protocol === 'https:') && loopbackHost.test(hostname);
}

/**
 * Fetches a JSON object from this machine, and from nowhere else: names are not asked of a resolver, redirects are not
 * followed, proxies not used. Certificates are not checked, since nobody can sign publicly for the loopback, and who
 * listens there is the owner of the machine.
 *
 * @param signal what ends the wait for the answer; after 5 s unless given
 */
export async function fetchJsonOnLoopback(url: URL, signal?: AbortSignal): Promise<FetchedJson> {
  if (!isOnLoopback(url)) return { fetched: false, reason: 'is not on this machine' };
  const patience = signal ?? AbortSignal.timeout(patienceMilliseconds);
  try {
    const response = await request(url, patience);
    const text = response.statusCode === ok ? await readText(response, mostBytes) : undefined;
    response.destroy();
    if (text === undefined) {
      const what = response.statusCode === ok ? 'more than is read' : `HTTP status ${response.statusCode}`;
      return { fetched: false, reason: `answers with ${what}` };
    }
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? { fetched: true, json } : noJson;
  } catch (error) {
    if (error instanceof SyntaxError) return noJson;
    if (patience.aborted) return { fetched: false, reason: 'does not answer in time' };
    // What sockets, TLS and the parser of HTTP throw has a code; anything else is a mistake of ours.
    if (error instanceof Error && 'code' in error) {
      return { fetched: false, reason: `can not be reached (${String(error.code)})` };
    }
    throw error;
  }
}

const noJson: FetchedJson = { fetched: false, reason: 'does not answer with a JSON object' };

function request(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const { get } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const options = {
      // An agent of its own: the global one may go through a proxy.
      agent: false,
      signal,
      lookup: lookUpLoopback,
      rejectUnauthorized: false,
      headers: { accept: 'application/json' },
    };
    get(url, options, resolve).on('error', reject);
  });
}

/** RFC 6761 §6.3: `localhost` and all below it are this machine. */
const lookUpLoopback: LookupFunction = (_hostname, { all }, callback) => {
  if (!all) return callback(null, '127.0.0.1', 4);
  return callback(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);
};

/** Undefined when there is more than `most` bytes of it. */
async function readText(response: IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
