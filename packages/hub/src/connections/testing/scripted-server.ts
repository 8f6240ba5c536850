import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

/** As Dataverse, which takes addresses of 32,768 characters. */
const longestHeadBytes = 64 * 1024;

export interface ScriptedAnswer {
  status: number;
  /** An object goes out as JSON. */
  body?: string | object;
  headers?: Record<string, string>;
}

/** An answer, or what makes one of the request; or the connection ends in the middle of one; or nothing comes at all. */
export type Fault =
  | ScriptedAnswer
  | ((request: ReceivedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>)
  | 'cut_off'
  | 'silence';

export interface ReceivedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** As it came. */
  body: string;
  form: URLSearchParams;
  headers: IncomingHttpHeaders;
  authorization: string | undefined;
}

/** A server on a port of the loopback that plays one of Microsoft's. */
export interface ScriptedServer {
  origin: string;
  requests: ReceivedRequest[];
  /** The next requests whose path ends so meet these faults, one each. */
  fail(pathEnd: string, ...faults: Fault[]): void;
  /** Called with each connection from now on, whatever comes over it. */
  onConnection(seen: () => void): void;
  /** Resolves when a request next meets silence. */
  nextSilence(): Promise<unknown>;
  close(): Promise<void>;
}

/** @param answer what a request gets that meets no fault */
export async function startScriptedServer(
  answer: (request: ReceivedRequest) => ScriptedAnswer,
): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const faults: { pathEnd: string; fault: Fault }[] = [];
  const events = new EventEmitter();

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://scripted');
    let text = '';
    for await (const chunk of message.setEncoding('utf8')) text += String(chunk);
    const request: ReceivedRequest = {
      method: message.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      body: text,
      form: new URLSearchParams(text),
      headers: message.headers,
      authorization: message.headers.authorization,
    };
    requests.push(request);
    const index = faults.findIndex(({ pathEnd }) => request.path.endsWith(pathEnd));
    const [met] = index === -1 ? [] : faults.splice(index, 1);
    if (met?.fault === 'silence') {
      events.emit('silence');
      return;
    }
    if (met?.fault === 'cut_off') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"token_type":"Bearer","acc', () => response.destroy());
      return;
    }
    const script = met?.fault ?? answer;
    send(response, typeof script === 'function' ? await script(request) : script);
  }

  const server = createServer({ maxHeaderSize: longestHeadBytes }, (message, response) => {
    handle(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    fail: (pathEnd, ...added) => void faults.push(...added.map((fault) => ({ pathEnd, fault }))),
    onConnection: (seen) => void server.on('connection', seen),
    nextSilence: () => once(events, 'silence'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, { status, body, headers }: ScriptedAnswer): void {
  // The hub's clock stands still in tests: no date but the one that a test gives.
  response.sendDate = false;
  const isText = typeof body === 'string';
  const type = isText ? 'text/html' : 'application/json; charset=utf-8';
  response.writeHead(status, { ...(body !== undefined && { 'content-type': type }), ...headers });
  response.end(isText ? body : body && JSON.stringify(body));
}
