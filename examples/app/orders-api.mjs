import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

/**
 * An API that lets in whom Entra ID vouches for, if the app may read orders.
 *
 * @param {{ authority: string, audience: string }} settings
 */
export async function startOrdersApi({ authority, audience }) {
  const discovery = await fetch(`${authority}/.well-known/openid-configuration`);
  const { issuer, jwks_uri: keysAddress } = await discovery.json();
  const keys = createRemoteJWKSet(new URL(keysAddress));
  const server = createServer(async (request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience });
      const mayRead = String(payload.scp).split(' ').includes('Orders.Read');
      response.writeHead(mayRead ? 200 : 403).end(JSON.stringify({ reader: payload.name }));
    } catch {
      response.writeHead(401).end();
    }
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    address: `http://localhost:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
