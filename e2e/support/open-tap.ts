import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that came to the tap, with its whole body. */
export interface TapRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

interface TapAnswer {
  status: number;
  headers: Headers;
  body: string;
}

export interface TapExchange {
  request: TapRequest;
  answer: TapAnswer;
}

/** What a test may do with a request: ask the real service, or not; answer as it did, or otherwise, or never. */
export type TapRule = (
  request: TapRequest,
  ask: () => Promise<TapAnswer>,
  response: ServerResponse,
) => Promise<TapAnswer | 'answered'>;

/** Stands between the hub and one of Microsoft's services: passes everything on, and keeps what it saw. */
export interface Tap {
  origin: string;
  /** Origin of the service behind it; may be told after the start. */
  upstream: string;
  exchanges: TapExchange[];
  /** For the requests from now on; without one they are passed on. */
  rule: TapRule | null;
  /** Requests for tokens that came to it. */
  tokenRequests(): TapRequest[];
  close(): Promise<void>;
}

const hopByHop = [
  'connection',
  'content-length',
  'content-encoding',
  'host',
  'keep-alive',
  'transfer-encoding',
];
const tokenPath = /\/oauth2\/(?:v2\.0\/)?token$/;

export async function openTap(upstream = ''): Promise<Tap> {
  const seen: TapRequest[] = [];
  const server = createServer((message, response) => {
    void answer(message, response).catch(() => response.destroy());
  });

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message);
    seen.push(request);
    const ask = () => passOn(tap.upstream, request);
    const given = tap.rule ? await tap.rule(request, ask, response) : await ask();
    if (given === 'answered') return;
    tap.exchanges.push({ request, answer: given });
    response.writeHead(given.status, [...given.headers].flat()).end(given.body);
  }

  const tap: Tap = {
    origin: '',
    upstream,
    exchanges: [],
    rule: null,
    tokenRequests: () => seen.filter(({ path }) => tokenPath.test(path)),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  tap.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return tap;
}

async function readRequest(message: IncomingMessage): Promise<TapRequest> {
  const headers = Object.entries(message.headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !hopByHop.includes(entry[0]),
  );
  return {
    method: message.method ?? 'GET',
    path: message.url ?? '/',
    headers: Object.fromEntries(headers),
    body: await text(message),
  };
}

async function passOn(upstream: string, { method, path, headers, body }: TapRequest): Promise<TapAnswer> {
  const answer = await fetch(`${upstream}${path}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body === '' ? {} : { body }),
  });
  const kept = new Headers(answer.headers);
  for (const name of hopByHop) kept.delete(name);
  return { status: answer.status, headers: kept, body: await answer.text() };
}
