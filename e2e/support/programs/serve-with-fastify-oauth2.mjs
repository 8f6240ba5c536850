/**
 * A web app where people sign in by `@fastify/oauth2`, as its README shows: for `common` by its built-in
 * `MICROSOFT_CONFIGURATION`, for a tenant by discovery, where it also reads the userinfo endpoint; then a refresh.
 * Prints its address as one JSON line.
 */
import { Agent } from 'node:https';
import oauth2 from '@fastify/oauth2';
import Fastify from 'fastify';

const { PORT, TENANT, CLIENT_ID, CLIENT_SECRET } = process.env;
const url = `http://localhost:${PORT}/`;
const scope = ['openid', 'profile', 'email', 'offline_access', 'User.Read'];
const isDiscovered = TENANT !== 'common';

const app = Fastify();
app.register(oauth2, {
  name: 'microsoft',
  scope,
  credentials: {
    client: { id: CLIENT_ID, secret: CLIENT_SECRET },
    ...(!isDiscovered && { auth: oauth2.MICROSOFT_CONFIGURATION }),
    // The library has an agent of its own, which knows no proxy.
    http: { agent: new Agent({ proxyEnv: process.env }) },
  },
  ...(isDiscovered && { discovery: { issuer: `https://login.microsoftonline.com/${TENANT}/v2.0` } }),
  pkce: 'S256',
  startRedirectPath: '/',
  callbackUri: `${url}callback`,
});
app.get('/callback', async (request, reply) => {
  reply.type('text/html');
  return JSON.stringify(await finish(request, reply).catch(describeFailure));
});

async function finish(request, reply) {
  const { error, error_description: description } = request.query;
  if (error) return { failure: `${error} ${description}` };
  const { token } = await app.microsoft.getAccessTokenFromAuthorizationCodeFlow(request, reply);
  const refreshed = await app.microsoft.getNewAccessTokenUsingRefreshToken(token, { scope });
  const person = isDiscovered
    ? await app.microsoft.userinfo(refreshed.token)
    : await callGraph(refreshed.token.access_token);
  return {
    name: person.displayName ?? person.name,
    email: person.mail ?? person.email,
    lifetime: token.expires_in,
    refreshed: refreshed.token.refresh_token !== token.refresh_token,
  };
}

async function callGraph(accessToken) {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch('https://graph.microsoft.com/v1.0/me', { headers })).json();
}

/** The library puts the answer's body beside its error. */
function describeFailure({ message, data }) {
  return { failure: `${message} ${JSON.stringify(data?.payload)}` };
}

await app.listen({ port: Number(PORT), host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ url })}\n`);
