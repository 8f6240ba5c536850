import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A client's redirect URI that keeps what the browser brought, by query or by form. */
export interface Callback {
  /** An origin with a port of its own and the path `/signin-oidc`. */
  redirectUri: string;
  /** The latest request. @throws Error when none came yet */
  latest(): Request;
  close(): void;
}

export async function openCallback(): Promise<Callback> {
  let brought: Request | undefined;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      brought = new Request(new URL(request.url ?? '', redirectUri), {
        method: request.method ?? 'GET',
        headers: { 'content-type': request.headers['content-type'] ?? '' },
        ...(request.method === 'POST' && { body }),
      });
      response.end('done');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const redirectUri = `http://localhost:${port}/signin-oidc`;
  return {
    redirectUri,
    latest() {
      if (!brought) throw new Error('The browser did not come back.');
      return brought;
    },
    close: () => server.close(),
  };
}
