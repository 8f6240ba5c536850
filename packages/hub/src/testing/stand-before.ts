import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** A server on this machine that stands before another one, for a test that meddles with what passes. */
export interface StandIn {
  /** Ends the socket with the stand-in, and without a word where it breaks. */
  keep: (socket: Socket) => void;
  /** Takes connections. @returns the other server's URL with its own address */
  listen: (serve: (client: Socket) => void) => Promise<string>;
  /** Ends all that goes through it. */
  close: () => Promise<void>;
}

/** @param target the URL of the server behind it */
export function standBefore(target: string): StandIn {
  const sockets = new Set<Socket>();
  const server = createServer();
  return {
    keep(socket) {
      sockets.add(socket);
      socket
        .setNoDelay(true)
        .on('error', () => socket.destroy())
        .once('close', () => sockets.delete(socket));
    },
    async listen(serve) {
      await once(server.on('connection', serve).listen(0, '127.0.0.1'), 'listening');
      const own = server.address();
      if (own === null || typeof own === 'string') throw new Error('The stand-in has no port.');
      const url = new URL(target);
      url.host = `127.0.0.1:${own.port}`;
      return url.href;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
