import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before a server and can be cut or hushed, so that the server seems to be away or to have fallen silent. */
export interface TestRelay {
  /** The server's URL with the relay's address. */
  url: string;
  /** Ends all connections and takes no more. */
  cut(): Promise<void>;
  /** Keeps the connections that there are, and passes nothing on any more, as a firewall that drops packets. */
  hush(): void;
  /** Takes connections again, at the same address; to another server where one is named. */
  mend(other?: string): Promise<void>;
  close(): Promise<void>;
}

/** @param target the URL of a server on this machine, with its port */
export async function openRelay(target: string): Promise<TestRelay> {
  let { hostname, port } = new URL(target);
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

  function hush(): void {
    for (const socket of sockets) socket.unpipe().pause();
  }

  async function mend(other?: string): Promise<void> {
    if (other !== undefined) ({ hostname, port } = new URL(other));
    if (!server) await listen(ownPort);
  }

  const ownPort = await listen(0);
  const url = new URL(target);
  url.host = `127.0.0.1:${ownPort}`;
  return { url: url.href, cut, hush, mend, close: cut };
}
