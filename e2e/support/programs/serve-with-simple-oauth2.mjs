/**
 * A web app where people sign in by `simple-oauth2`, as its README shows: its `AuthorizationCode` with Microsoft's
 * addresses, the secret by HTTP Basic, and a refresh. Prints its address as one JSON line.
 */
import { Agent } from 'node:https';
import express from 'express';
import { AuthorizationCode } from 'simple-oauth2';

const { PORT, TENANT, CLIENT_ID, CLIENT_SECRET } = process.env;
const url = `http://localhost:${PORT}/`;
const scope = ['openid', 'profile', 'offline_access', 'User.Read'];

const client = new AuthorizationCode({
  client: { id: CLIENT_ID, secret: CLIENT_SECRET },
  auth: {
    tokenHost: 'https://login.microsoftonline.com',
    tokenPath: `/${TENANT}/oauth2/v2.0/token`,
    authorizePath: `/${TENANT}/oauth2/v2.0/authorize`,
  },
  // The library has an agent of its own, which knows no proxy.
  http: { agent: new Agent({ proxyEnv: process.env }) },
});
const redirect = { redirect_uri: `${url}callback`, scope };

const app = express();
app.get('/', (_request, response) => response.redirect(client.authorizeURL({ ...redirect, state: 'any' })));
app.get('/callback', async (request, response) => {
  response.type('html').send(JSON.stringify(await finish(request.query).catch(describeFailure)));
});

async function finish({ code, error, error_description: description }) {
  if (error) return { failure: `${error} ${description}` };
  const token = await client.getToken({ ...redirect, code });
  const refreshed = await token.refresh({ scope });
  const headers = { authorization: `Bearer ${refreshed.token.access_token}` };
  const person = await (await fetch('https://graph.microsoft.com/v1.0/me', { headers })).json();
  return {
    name: person.displayName,
    email: person.mail,
    lifetime: token.token.expires_in,
    refreshed: !refreshed.expired() && refreshed.token.refresh_token !== token.token.refresh_token,
  };
}

/** The library puts the answer's body beside its error. */
function describeFailure({ message, data }) {
  return { failure: `${message} ${JSON.stringify(data?.payload)}` };
}

app.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ url })}\n`));
