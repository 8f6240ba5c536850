import type { Server } from 'node:http';
import { CloudStartError, systemErrorCode } from './cloud-start-error.ts';

/** `localhost` means either, and clients differ in which they try. */
const loopbackAddresses = ['127.0.0.1', '::1'];
const wildcardAddresses = ['0.0.0.0', '::'];
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

/**
 * Opens one port on every loopback address of the machine, with a server each.
 *
 * @throws CloudStartError `port_taken`, `port_unavailable`
 */
export async function openPort(request: PortRequest): Promise<{ port: number; servers: Server[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const opened = await tryPort(request);
    if (!(opened instanceof CloudStartError)) return opened;
    // Any free port will do, and this one was free on one address only.
    const again = request.port === 0 && opened.code === 'port_taken' && attempt < portAttempts;
    if (!again) throw opened;
  }
}

async function tryPort({
  service,
  port,
  host,
  create,
}: PortRequest): Promise<{ port: number; servers: Server[] } | CloudStartError> {
  const servers: Server[] = [];
  let actual = port;
  for (const address of host === null ? loopbackAddresses : [host]) {
    const server = create();
    try {
      actual = await listen(server, address, actual);
      servers.push(server);
    } catch (error) {
      const code = systemErrorCode(error);
      // Machines without IPv6 have no ::1, and nobody there looks for it.
      if (servers.length > 0 && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) continue;
      await Promise.all(servers.map(closeServer));
      if (code === undefined) throw error;
      return portError({ service, port: actual, code, cause: error });
    }
  }
  return { port: actual, servers };
}

function listen(server: Server, host: string, port: number): Promise<number> {
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
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const impatience = setTimeout(() => server.closeAllConnections(), closingGraceMilliseconds);
  await closed;
  clearTimeout(impatience);
}

/** The name that clients are told for an address that is listened on. */
export function advertisedName(host: string | null): string {
  if (host === null || wildcardAddresses.includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
