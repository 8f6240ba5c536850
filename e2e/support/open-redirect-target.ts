import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the browser of a hand-made client comes back to: a page that says nothing. */
export interface RedirectTarget {
  /** An origin with a port of its own and the path `/auth/redirect`. */
  redirectUri: string;
  close(): void;
}

export async function openRedirectTarget(): Promise<RedirectTarget> {
  const server = createServer((_request, response) => response.end('done'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { redirectUri: `http://localhost:${port}/auth/redirect`, close: () => server.close() };
}
