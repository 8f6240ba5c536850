import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before a server and can be cut, so that the server seems to be away. */
export interface TestRelay {
  /** The server's URL with the relay's address. */
  url: string;
  /** Ends all connections and takes no more. */
  cut(): Promise<void>;
  /** Takes connections again, at the same address. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** @param target the URL of a server on this machine, with its port */
export async function openRelay(target: string): Promise<TestRelay> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let server: Server | null = null;

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  }

  async function listen(at: number): Promise<number> {
    server = createServer((socket) => {
      const upstream = connect(Number(port), hostname);
      keep(socket);
      keep(upstream);
      socket.pipe(upstream).pipe(socket);
    });
    await once(server.listen(at, '127.0.0.1'), 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The relay has no port.');
    return address.port;
  }

  async function cut(): Promise<void> {
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server = null;
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  const ownPort = await listen(0);
  const url = new URL(target);
  url.host = `127.0.0.1:${ownPort}`;
  return { url: url.href, cut, mend: async () => void (await listen(ownPort)), close: cut };
}
