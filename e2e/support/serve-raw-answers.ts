import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A request as far as an answer depends on it. */
export interface RawRequest {
  method: string;
  /** Path and query. */
  path: string;
}

/** Bytes as they go out, and what becomes of the connection: it waits for more, ends, or breaks off. */
export interface RawAnswer {
  /** Sent one after the other, as long as the other side takes them. */
  bytes: Iterable<Buffer>;
  end: 'keep' | 'close' | 'reset';
}

/** A server below HTTP: what it answers needs to be no HTTP at all. */
export interface RawServer {
  origin: string;
  close(): Promise<void>;
}

export async function serveRawAnswers(answer: (request: RawRequest) => RawAnswer): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Whoever asked may break off in the middle of any answer.
    socket.on('error', () => {});
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const request = readRequest(received);
      if (!request) return;
      received = '';
      send(socket, answer(request)).catch(() => socket.destroy());
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** @returns undefined until the whole request is there; the hub sends its bodies with a length */
function readRequest(received: string): RawRequest | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = received.slice(0, headEnd);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  if (received.length < headEnd + '\r\n\r\n'.length + length) return undefined;
  const [method = '', path = ''] = head.split(' ', 2);
  return { method, path };
}

async function send(socket: Socket, { bytes, end }: RawAnswer): Promise<void> {
  await pipeline(Readable.from(bytes), socket, { end: false });
  if (end === 'close') socket.end();
  if (end === 'reset') socket.resetAndDestroy();
}
