import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** A bare HTTP server on a free port of the loopback. @returns its origin */
export async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}
