import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';

export interface CallOptions {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer | Readable;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * Calls by `node:http`, which sends a path as it is given; `fetch` would normalize it.
 *
 * @param url the proxy's; the path is added byte for byte
 */
export async function openCall(
  url: string,
  path: string,
  options: CallOptions = {},
): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body } = options;
  const { hostname, port, pathname } = new URL(url);
  const isWhole = typeof body === 'string' || Buffer.isBuffer(body);
  const length =
    isWhole && !headers['transfer-encoding'] ? { 'content-length': Buffer.byteLength(body) } : {};
  const call = request({
    hostname,
    port,
    path: pathname + path,
    method,
    headers: { ...length, ...headers },
    // Without an agent Node asks the server to close the connection, which is not what clients do.
    agent: new Agent({ keepAlive: true }),
  });
  if (body === undefined || isWhole) call.end(body);
  else body.pipe(call);
  const [answer] = await once(call, 'response');
  // The test may end while the rest of a body is still on its way; what counts is the answer.
  call.on('error', () => {});
  if (!(answer instanceof IncomingMessage)) throw new TypeError('The call brought no answer.');
  return answer;
}

export async function callProxy(url: string, path: string, options?: CallOptions): Promise<Answer> {
  const answer = await openCall(url, path, options);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
}
