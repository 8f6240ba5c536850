import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { ServiceOrigins } from '../service-origins.ts';
import type { CertificatePair } from './certificate-pair.ts';
import { httpLimits } from './http-limits.ts';
import { openPort } from './open-port.ts';
import type { Reach } from './open-reach.ts';

/** A service's sockets: HTTP and HTTPS, each on its own port, on every loopback address of the machine. */
export interface Listeners {
  origins: ServiceOrigins;
  /** Lets requests in; those that came before wait until then. */
  serve(route: RequestListener): void;
  /** Takes a request that came by another way than the sockets. */
  take: RequestListener;
  /** Lets running answers end, for a moment, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens the ports of one service.
 *
 * @param service its name, for the message when a port is taken
 * @param ports 0 takes any free one
 * @throws CloudStartError `port_taken`, `port_unavailable`
 */
export async function openListeners({
  service,
  ports,
  reach,
  certificate,
}: {
  service: string;
  ports: { http: number; https: number };
  reach: Reach;
  certificate: CertificatePair;
}): Promise<Listeners> {
  const gate = Promise.withResolvers<RequestListener>();
  let route: RequestListener | undefined;
  const listener: RequestListener = (request, response) => {
    if (route) route(request, response);
    else void gate.promise.then((opened) => opened(request, response));
  };
  const tls = { ...httpLimits, cert: certificate.certificate, key: certificate.privateKey };
  const closing: (() => Promise<void>)[] = [];
  const open = async (port: number, create: () => Server) => {
    const opened = await openPort({ service, port, host: reach.host, create });
    closing.push(opened.close);
    return opened.port;
  };
  const close = async () => {
    await Promise.all(closing.map((closePort) => closePort()));
  };
  try {
    const httpPort = await open(ports.http, () => createServer(httpLimits, listener));
    const httpsPort = await open(ports.https, () => createSecureServer(tls, listener));
    const { advertised } = reach;
    return {
      origins: { http: `http://${advertised}:${httpPort}`, https: `https://${advertised}:${httpsPort}` },
      serve: (opened) => {
        route = opened;
        gate.resolve(opened);
      },
      take: listener,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
