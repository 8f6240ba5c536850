import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';

/** What came back through a CONNECT proxy: the proxy's own refusal, or the answer from inside the tunnel. */
export interface ProxiedAnswer {
  /** The status of the answer to CONNECT. */
  tunnelStatus: number | undefined;
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface ProxiedRequest {
  proxy: string;
  ca: string;
  /** The address that the client means, e.g. `https://graph.microsoft.com/v1.0/me`. */
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** The name in the TLS handshake, where it is not the address's; '' sends none. */
  serverName?: string;
}

/** Sends one request the way that clients with HTTPS_PROXY do: CONNECT, TLS inside, HTTP inside that. */
export async function sendThroughProxy(options: ProxiedRequest): Promise<ProxiedAnswer> {
  const { hostname, port, host, pathname, search } = new URL(options.url);
  const { answer, socket, head } = await openTunnel(options.proxy, `${hostname}:${port || '443'}`);
  if (answer.statusCode !== 200) {
    socket.destroy();
    return {
      tunnelStatus: answer.statusCode,
      status: undefined,
      headers: answer.headers,
      body: String(head),
    };
  }
  const { serverName = hostname, ca } = options;
  // Without a name in the handshake the certificate names nobody who was asked for.
  const check = serverName === '' ? { checkServerIdentity: () => undefined } : {};
  const tls: TLSSocket = connect({ socket, ca, ...(serverName && { servername: serverName }), ...check });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    tls.on('error', reject);
    request({
      method: options.method ?? 'GET',
      path: pathname + search,
      headers: { host, ...options.headers },
      createConnection: () => tls,
    })
      .on('response', resolve)
      .on('error', reject)
      .end(options.body);
  });
  const body = await text(response);
  tls.destroy();
  return { tunnelStatus: 200, status: response.statusCode, headers: response.headers, body };
}

function openTunnel(
  proxy: string,
  target: string,
): Promise<{ answer: IncomingMessage; socket: Socket; head: Buffer }> {
  const { hostname, port } = new URL(proxy);
  return new Promise((resolve, reject) => {
    request({ hostname, port, method: 'CONNECT', path: target, agent: false })
      .on('connect', (answer, socket, head) => resolve({ answer, socket, head }))
      .on('error', reject)
      .end();
  });
}
