import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { ServiceOrigins } from '../cloud-context.ts';
import { CloudStartError, systemErrorCode } from './cloud-start-error.ts';
import type { CertificatePair } from './make-certificates.ts';

/** A service's sockets: HTTP and HTTPS, each on its own port, on every loopback address of the machine. */
export interface Listeners {
  origins: ServiceOrigins;
  /** Lets requests in; those that came before wait until then. */
  serve(route: RequestListener): void;
  /** Lets running answers end, for a moment, and closes every connection. */
  close(): Promise<void>;
}

/** `localhost` means either, and clients differ in which they try. */
const loopbackAddresses = ['127.0.0.1', '::1'];
const wildcardAddresses = ['0.0.0.0', '::'];
const closingGraceMilliseconds = 250;
/** How often a free port of one address is sought that is free on the other, too. */
const portAttempts = 20;

/**
 * Opens the ports of one service.
 *
 * @param service its name, for the message when a port is taken
 * @param ports 0 takes any free one
 * @param host an address to listen on instead of the loopback ones, or null
 * @throws CloudStartError `port_taken`, `port_unavailable`
 */
export async function openListeners({
  service,
  ports,
  host,
  certificate,
}: {
  service: string;
  ports: { http: number; https: number };
  host: string | null;
  certificate: CertificatePair;
}): Promise<Listeners> {
  const gate = Promise.withResolvers<RequestListener>();
  let route: RequestListener | undefined;
  const listener: RequestListener = (request, response) => {
    if (route) route(request, response);
    else void gate.promise.then((opened) => opened(request, response));
  };
  const tls = { cert: certificate.certificate, key: certificate.privateKey };
  const servers: Server[] = [];
  const open = async (port: number, create: () => Server) => {
    const opened = await openPort({ service, port, host, create });
    servers.push(...opened.servers);
    return opened.port;
  };
  const close = async () => {
    await Promise.all(servers.map(closeServer));
  };
  try {
    const httpPort = await open(ports.http, () => createServer(listener));
    const httpsPort = await open(ports.https, () => createSecureServer(tls, listener));
    const name = advertisedName(host);
    return {
      origins: { http: `http://${name}:${httpPort}`, https: `https://${name}:${httpsPort}` },
      serve: (opened) => {
        route = opened;
        gate.resolve(opened);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface PortRequest {
  service: string;
  port: number;
  host: string | null;
  create: () => Server;
}

async function openPort(request: PortRequest): Promise<{ port: number; servers: Server[] }> {
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

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const impatience = setTimeout(() => server.closeAllConnections(), closingGraceMilliseconds);
  await closed;
  clearTimeout(impatience);
}

function advertisedName(host: string | null): string {
  if (host === null || wildcardAddresses.includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
