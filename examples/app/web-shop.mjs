import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * A web app that signs people in and greets them by name: the authorization code flow, by hand.
 *
 * @param {{ authority: string, clientId: string, clientSecret: string }} settings
 */
export async function startWebShop({ authority, clientId, clientSecret }) {
  const state = randomUUID();
  let origin = '';
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    const redirectUri = `${origin}/signed-in`;
    if (pathname !== '/signed-in') {
      const query = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid profile',
        state,
      });
      response.writeHead(302, { location: `${authority}/oauth2/v2.0/authorize?${query}` }).end();
      return;
    }
    if (searchParams.get('state') !== state) {
      response.writeHead(400).end();
      return;
    }
    const answer = await fetch(`${authority}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: searchParams.get('code') ?? '',
        redirect_uri: redirectUri,
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    const { id_token: idToken } = await answer.json();
    const { name } = JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url').toString());
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>Welcome, ${name}</h1>`);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    address: origin,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
