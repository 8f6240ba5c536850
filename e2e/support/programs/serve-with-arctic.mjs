/**
 * A web app where people sign in by `arctic`, as its documentation shows: `MicrosoftEntraId` with Microsoft's hosts
 * built in, the claims of the id token, and a refresh. Without a secret it is a public client, for which the library
 * sends an `Origin` header. Prints its address as one JSON line.
 */
import { decodeIdToken, generateCodeVerifier, generateState, MicrosoftEntraId } from 'arctic';
import express from 'express';

const { PORT, TENANT, CLIENT_ID, CLIENT_SECRET } = process.env;
const url = `http://localhost:${PORT}/`;
const scopes = ['openid', 'profile', 'email', 'offline_access', 'User.Read'];

const entra = new MicrosoftEntraId(TENANT, CLIENT_ID, CLIENT_SECRET || null, `${url}callback`);
const codeVerifier = generateCodeVerifier();
const state = generateState();

const app = express();
app.get('/', (_request, response) => {
  const link = entra.createAuthorizationURL(state, codeVerifier, scopes);
  // The library's documentation: Microsoft wants a nonce, whatever it is.
  link.searchParams.set('nonce', '_');
  response.redirect(link.href);
});
app.get('/callback', async (request, response) => {
  response.type('html').send(JSON.stringify(await finish(request.query).catch(describeFailure)));
});

async function finish(query) {
  if (query.error) return { failure: `${query.error} ${query.error_description}` };
  if (query.state !== state) return { failure: 'The state is another.' };
  const tokens = await entra.validateAuthorizationCode(query.code, codeVerifier);
  const { name, email } = decodeIdToken(tokens.idToken());
  const refreshed = await entra.refreshAccessToken(tokens.refreshToken(), scopes);
  return {
    name,
    email,
    lifetime: tokens.accessTokenExpiresInSeconds(),
    refreshed: refreshed.hasRefreshToken() && (await callGraph(refreshed.accessToken())),
  };
}

async function callGraph(accessToken) {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch('https://graph.microsoft.com/v1.0/me', { headers })).ok;
}

function describeFailure({ code, description, message }) {
  return { failure: `${code} ${description ?? message}` };
}

app.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ url })}\n`));
