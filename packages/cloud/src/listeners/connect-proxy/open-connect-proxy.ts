import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { callbackify } from 'node:util';
import type { CloudContext } from '../../cloud-context.ts';
import { noteKnownOrigins } from '../../service-origins.ts';
import { httpLimits } from '../http-limits.ts';
import type { Certificates } from '../open-certificates.ts';
import { openPort } from '../open-port.ts';
import type { Reach } from '../open-reach.ts';
import { type Destination, findDestination, type ProxiedService } from './find-destination.ts';
import { judgeTarget } from './judge-target.ts';
import { createLeafCertificates, type LeafCertificates } from './leaf-certificates.ts';

export interface ConnectProxy {
  /** For `HTTPS_PROXY`. */
  origin: string;
  close(): Promise<void>;
}

/** What the proxy leads to. */
interface ProxyTargets {
  context: Pick<CloudContext, 'directory' | 'addresses'>;
  take: (service: ProxiedService, request: IncomingMessage, response: ServerResponse) => void;
}

const misdirected = 421;
const refused = 403;
const established = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/**
 * Opens the CONNECT proxy: a client that has Microsoft's host names built in, and that is given this proxy and the
 * local authority, meets the local services by those names. TLS ends here, with a certificate made for the name
 * asked for (SNI, RFC 6066 §3). Every other host is refused: no request of a test leaves the machine.
 *
 * @throws CloudStartError `port_taken`, `port_unavailable`
 */
export async function openConnectProxy({
  port,
  reach,
  certificates,
  now,
  ...targets
}: ProxyTargets & {
  /** 0 takes any free one. */
  port: number;
  reach: Reach;
  certificates: Certificates;
  now: () => number;
}): Promise<ConnectProxy> {
  // Its TLS context is only made when somebody comes by the proxy.
  let inner: Server | undefined;
  const tunnels = new Set<Duplex>();
  const create = () =>
    createServer(httpLimits, (request, response) => takeWholeRequest(targets, request, response)).on(
      'connect',
      (request, socket, head) => {
        // A client that goes away is nothing to report.
        socket.on('error', () => socket.destroy());
        const verdict = judgeTarget(targets.context, request.url ?? '');
        if (!verdict.allowed) {
          socket.end(refusal(verdict.message));
          return;
        }
        tunnels.add(socket);
        socket.once('close', () => tunnels.delete(socket));
        socket.write(established);
        if (head.length > 0) socket.unshift(head);
        // TLS would wait for two minutes for a client that has left before it said a word.
        socket.once('readable', () => {
          if (socket.readableLength === 0) {
            socket.destroy();
            return;
          }
          inner ??= createInnerServer(
            targets,
            certificates,
            createLeafCertificates(certificates.authority, now),
          );
          inner.emit('connection', socket);
        });
      },
    );
  const opened = await openPort({ service: 'CONNECT proxy', port, host: reach.host, create });
  return {
    origin: `http://${reach.advertised}:${opened.port}`,
    async close() {
      const outer = opened.close();
      // Closing waits for the tunnels, which are nobody's connections any more.
      for (const socket of tunnels) socket.destroy();
      await outer;
    },
  };
}

/** Speaks TLS and HTTP inside the tunnels; it listens nowhere itself. */
function createInnerServer(
  targets: ProxyTargets,
  { server }: Certificates,
  contextFor: LeafCertificates,
): Server {
  return createSecureServer(
    {
      ...httpLimits,
      cert: server.certificate,
      key: server.privateKey,
      SNICallback: callbackify(async (name: string) => {
        if (!findDestination(targets.context, name)) throw new Error(`${name} is none of Microsoft's names.`);
        return contextFor(name.toLowerCase());
      }),
    },
    (request, response) => passOn(targets, request, response),
  );
}

function passOn(targets: ProxyTargets, request: IncomingMessage, response: ServerResponse): void {
  const asked = hostOf(request);
  // Clients without SNI are told apart by the Host header alone.
  const name = serverNameOf(request) ?? asked;
  const destination = name === undefined ? undefined : findDestination(targets.context, name);
  if (!destination || asked !== name) {
    sendText(
      response,
      misdirected,
      `This connection is for ${name ?? 'no host'}, not for ${asked ?? 'none'}.`,
    );
    return;
  }
  serve(targets, destination, request, response);
}

/**
 * Takes a request with its whole address, `GET https://…` (RFC 9112 §3.2.2): axios and others that never tunnel send
 * such ones to the proxy.
 */
function takeWholeRequest(targets: ProxyTargets, request: IncomingMessage, response: ServerResponse): void {
  const [, target = '', path = ''] = /^https:\/\/([^/?#]+)(.*)$/is.exec(request.url ?? '') ?? [];
  if (target === '') {
    sendText(
      response,
      refused,
      "This is the local Microsoft cloud's CONNECT proxy, for HTTPS to Microsoft's names. Set HTTPS_PROXY to it, not HTTP_PROXY.",
    );
    return;
  }
  const verdict = judgeTarget(targets.context, target);
  if (!verdict.allowed) {
    sendText(response, refused, verdict.message);
    return;
  }
  request.url = path.startsWith('/') ? path : `/${path}`;
  serve(targets, verdict.destination, request, response);
}

function serve(
  { take }: ProxyTargets,
  { service, origins }: Destination,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  noteKnownOrigins(request, origins);
  take(service, request, response);
}

function serverNameOf({ socket }: IncomingMessage): string | undefined {
  // `false` where the handshake carried no name.
  const name: unknown = socket instanceof TLSSocket && 'servername' in socket && socket.servername;
  return typeof name === 'string' && name !== '' ? name.toLowerCase() : undefined;
}

function hostOf({ headers }: IncomingMessage): string | undefined {
  return headers.host?.toLowerCase().replace(/:443$/, '').replace(/\.$/, '');
}

function sendText(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}

/** The whole answer to a CONNECT that is refused. */
function refusal(message: string): string {
  const body = `${message}\n`;
  return [
    // Many clients show the phrase and not the body.
    'HTTP/1.1 403 Refused by the local Microsoft cloud',
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
