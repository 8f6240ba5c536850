import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { MetricsConfig } from '../config/config.ts';
import { internalServerError, notFound, ok } from '../ground/http-status.ts';
import type { MetricsText } from '../telemetry/create-metrics.ts';
import { HubStartError } from './hub-start-error.ts';

/** A server beside the hub's own, for who watches it. */
export interface MetricsServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves `/metrics` on a port of its own, so that the address which the world reaches never shows it and whoever watches
 * needs no key. Of several workers their first process has it.
 *
 * @throws HubStartError `metrics_port_unavailable`
 */
export async function serveMetrics(
  { host, port }: MetricsConfig,
  metrics: MetricsText,
): Promise<MetricsServer> {
  const server = createServer((request, response) => void answer(metrics, request, response));
  try {
    await once(server.listen({ port, host, exclusive: true }), 'listening');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new HubStartError(
      'metrics_port_unavailable',
      `No metrics can be served on ${host}:${port}${code}.`,
      {
        remedy: 'Write another port, or host:port, into LATCHKEY_METRICS.',
        cause,
      },
    );
  }
  const address = server.address();
  return {
    port: address === null || typeof address === 'string' ? port : address.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  metrics: MetricsText,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const isAsked = request.method === 'GET' && request.url?.split('?', 1)[0] === '/metrics';
  if (!isAsked) {
    response.writeHead(notFound).end();
    return;
  }
  try {
    const text = await metrics.text();
    response.writeHead(ok, { 'content-type': metrics.contentType }).end(text);
  } catch {
    // Nothing of it is fit to be told here; what the database does not answer is caught and logged where it is asked.
    response.writeHead(internalServerError).end();
  }
}
