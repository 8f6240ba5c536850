/**
 * A web app where people sign in by `grant`, as its README shows: express, the provider `microsoft` with its built-in
 * addresses, and the profile from Microsoft Graph's userinfo endpoint. Prints its address as one JSON line.
 */
import express from 'express';
import grant from 'grant';

const { PORT, TENANT, CLIENT_ID, CLIENT_SECRET } = process.env;
const url = `http://localhost:${PORT}/`;
const authority = `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0`;

const app = express();
// What express-session does, for a single person.
const session = {};
app.use((request, _response, next) => {
  request.session = session;
  next();
});
app.use(
  grant.express({
    defaults: { origin: url.slice(0, -1), transport: 'session', state: true, nonce: true, pkce: true },
    microsoft: {
      key: CLIENT_ID,
      secret: CLIENT_SECRET,
      scope: ['openid', 'profile', 'email', 'offline_access', 'User.Read'],
      response: ['tokens', 'raw', 'jwt', 'profile'],
      callback: '/done',
      ...(TENANT !== 'common' && {
        authorize_url: `${authority}/authorize`,
        access_url: `${authority}/token`,
      }),
    },
  }),
);
app.get('/', (_request, response) => response.redirect('/connect/microsoft'));
app.get('/done', (_request, response) => {
  // The library has read the id token and checked its nonce; `profile` is what the userinfo endpoint says.
  const { error, profile, raw } = session.grant.response;
  const { name, email } = profile ?? {};
  const failure = error && JSON.stringify(raw ?? session.grant.response);
  response.type('html').send(JSON.stringify({ failure, name, email, lifetime: raw?.expires_in }));
});
app.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ url })}\n`));
