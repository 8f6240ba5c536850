import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

/** What a proxy does with a target: leads to a port of this machine, or to another proxy, or says something else. */
export type ProxyAnswer =
  | { port: number; status?: string }
  | { proxy: string }
  | { text: string }
  | 'silence'
  | 'cut_off';

export interface TestConnectProxy {
  /** Without user and password. */
  origin: string;
  /** What was asked for, in order: `host:port`. */
  targets: string[];
  /** `Proxy-Authorization` of each. */
  authorizations: (string | undefined)[];
  /** Resolves at the next CONNECT. */
  nextTarget(): Promise<unknown>;
  close(): Promise<void>;
}

/** A proxy for `CONNECT` on a port of the loopback. @param answer what it does with `host:port` */
export async function openTestProxy(
  answer: (target: string, request: IncomingMessage) => ProxyAnswer,
): Promise<TestConnectProxy> {
  const targets: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const server = createServer((_request, response) => response.writeHead(400).end());
  server.on('connect', (request, stream) => {
    const target = request.url ?? '';
    targets.push(target);
    authorizations.push(request.headers['proxy-authorization']);
    server.emit('target');
    stream.on('error', () => stream.destroy());
    const given = answer(target, request);
    if (given === 'silence') return;
    if (given === 'cut_off') {
      stream.destroy();
      return;
    }
    if ('text' in given) {
      stream.end(given.text);
      return;
    }
    const port = 'port' in given ? given.port : Number(new URL(given.proxy).port);
    const upstream = connect(port, '127.0.0.1', () => {
      if ('port' in given) stream.write(`HTTP/1.1 ${given.status ?? '200 Connection established'}\r\n\r\n`);
      else upstream.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`);
      upstream.pipe(stream).pipe(upstream);
    });
    keep(upstream);
    stream.once('close', () => upstream.destroy());
  });
  server.on('connection', keep);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    targets,
    authorizations,
    nextTarget: () => once(server, 'target'),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** @returns the answer of a proxy that wants a user and a password, unless these came; else what `answer` says */
export function askForPassword(
  credentials: string,
  answer: (target: string) => ProxyAnswer,
): (target: string, request: IncomingMessage) => ProxyAnswer {
  const wanted = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return (target, { headers }) =>
    headers['proxy-authorization'] === wanted
      ? answer(target)
      : {
          text: 'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Negotiate, Basic realm="NTLM, only"\r\ncontent-length: 0\r\n\r\n',
        };
}
