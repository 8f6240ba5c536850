import type { Server } from 'node:http';
import { createServer, type Socket, type Server as SocketServer } from 'node:net';
import { CloudStartError, systemErrorCode } from './cloud-start-error.ts';

/** `localhost` means either, and clients differ in which they try. */
const loopbackAddresses = ['127.0.0.1', '::1'];
/** How `node:http` opens its own sockets. */
const likeHttp = { allowHalfOpen: true, noDelay: true };
const closingGraceMilliseconds = 250;
/** How often a free port of one address is sought that is free on the other, too. */
const portAttempts = 20;

interface PortRequest {
  /** Its name, for the message when the port is taken. */
  service: string;
  /** 0 takes any free one. */
  port: number;
  /** An address to listen on instead of the loopback ones, or null. */
  host: string | null;
  create: () => Server;
}

/** One server, and the sockets that listen for it on further addresses. */
interface OpenedPort {
  port: number;
  close: () => Promise<void>;
}

/**
 * Opens one port on every loopback address of the machine.
 *
 * @throws CloudStartError `port_taken`, `port_unavailable`
 */
export async function openPort(request: PortRequest): Promise<OpenedPort> {
  for (let attempt = 1; ; attempt += 1) {
    const opened = await tryPort(request);
    if (!(opened instanceof CloudStartError)) return opened;
    // Any free port will do, and this one was free on one address only.
    const again = request.port === 0 && opened.code === 'port_taken' && attempt < portAttempts;
    if (!again) throw opened;
  }
}

async function tryPort({ service, port, host, create }: PortRequest): Promise<OpenedPort | CloudStartError> {
  const [address = '', ...others] = host === null ? loopbackAddresses : [host];
  const server = create();
  const doors: SocketServer[] = [];
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const close = () => closeServer(server, { doors, sockets });
  let actual = port;
  try {
    actual = await listen(server, address, port);
    for (const other of others) {
      // A TLS context takes half a millisecond to make; one serves all addresses.
      const door = createServer(likeHttp, (socket) => server.emit('connection', socket));
      if (await listenIfThere(door, other, actual)) doors.push(door);
    }
    return { port: actual, close };
  } catch (error) {
    await close();
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return portError({ service, port: actual, code, cause: error });
  }
}

/** Machines without IPv6 have no ::1, and nobody there looks for it. */
async function listenIfThere(server: SocketServer, host: string, port: number): Promise<boolean> {
  try {
    await listen(server, host, port);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return false;
    throw error;
  }
}

function listen(server: SocketServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function portError({
  service,
  port,
  code,
  cause,
}: {
  service: string;
  port: number;
  code: string;
  cause: unknown;
}): CloudStartError {
  return code === 'EADDRINUSE'
    ? new CloudStartError(
        'port_taken',
        `Port ${port}, where the local ${service} should listen, is taken by another program. Stop that program, or start with another port.`,
        { port, service, cause },
      )
    : new CloudStartError(
        'port_unavailable',
        `The local ${service} can't listen on port ${port} (${code}). Start with another port or address.`,
        { port, service, cause },
      );
}

/** Lets running answers end, for a moment, and closes every connection. */
async function closeServer(
  server: Server,
  { doors, sockets }: { doors: readonly SocketServer[]; sockets: ReadonlySet<Socket> },
): Promise<void> {
  const closed = Promise.all([server, ...doors].map(stopListening));
  server.closeIdleConnections();
  const impatience = setTimeout(() => {
    // All sockets, as the server itself does not know those that are still in the TLS handshake.
    for (const socket of sockets) socket.destroy();
  }, closingGraceMilliseconds);
  await closed;
  clearTimeout(impatience);
}

function stopListening(server: SocketServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
