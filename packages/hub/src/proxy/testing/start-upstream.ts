import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';

export interface Upstream {
  origin: string;
  close(): Promise<void>;
}

/** What the environment does with a request; what is returned is not looked at. */
export type UpstreamAnswer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An environment that answers as the test says, on a real socket. */
export async function startUpstream(answer: UpstreamAnswer): Promise<Upstream> {
  const server = createServer((request, response) => {
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: originOf(server.address()),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An environment that writes bytes of the test's making, which need not be HTTP. */
export async function startRawUpstream(answer: (socket: Socket) => void): Promise<Upstream> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    // The test is about the hub's side; that this side's socket is reset is expected.
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    answer(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: originOf(server.address()),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An origin where nothing listens. */
export async function unusedOrigin(): Promise<string> {
  const upstream = await startUpstream(() => {});
  await upstream.close();
  return upstream.origin;
}

function originOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}
