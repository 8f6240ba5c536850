/**
 * A web app where people sign in by `passport-azure-ad`, as its README shows: express and the `OIDCStrategy` with
 * cookies. Prints its address as one JSON line.
 *
 * `METADATA` is the discovery document's address, `RESPONSE_TYPE` and `RESPONSE_MODE` what to ask for, `RESOURCE` v1's
 * API; `PORT`, `CLIENT_ID` and `CLIENT_SECRET` are the app's own.
 */
import express from 'express';
import passport from 'passport';
import { OIDCStrategy } from 'passport-azure-ad';

const { METADATA, PORT, CLIENT_ID, CLIENT_SECRET, RESPONSE_TYPE, RESPONSE_MODE, RESOURCE, SCOPE } =
  process.env;
const url = `http://localhost:${PORT}/`;

passport.use(
  new OIDCStrategy(
    {
      identityMetadata: METADATA,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      responseType: RESPONSE_TYPE,
      responseMode: RESPONSE_MODE,
      redirectUrl: `${url}signin-oidc`,
      allowHttpForRedirectUrl: true,
      useCookieInsteadOfSession: true,
      cookieEncryptionKeys: [{ key: '12345678901234567890123456789012', iv: '123456789012' }],
      scope: SCOPE ? SCOPE.split(' ') : [],
      loggingLevel: 'fatal',
      loggingNoPII: false,
    },
    (_iss, _sub, profile, accessToken, _refreshToken, done) =>
      done(null, { name: profile.displayName, accessToken }),
  ),
);

const app = express();
app.use(express.urlencoded({ extended: true }), passport.initialize());
// What cookie-parser does.
app.use((request, _response, next) => {
  const pairs = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('='));
  request.cookies = Object.fromEntries(pairs.filter(([name]) => name));
  next();
});
app.get('/', (request, response, next) => {
  const options = { session: false, response, ...(RESOURCE && { resourceURL: RESOURCE }) };
  passport.authenticate('azuread-openidconnect', options)(request, response, next);
});
app.all('/signin-oidc', (request, response, next) => {
  passport.authenticate('azuread-openidconnect', { session: false, response }, (error, user, info) => {
    const failure = error?.message ?? (user ? undefined : String(info));
    response.type('html').send(JSON.stringify({ failure, ...user }));
  })(request, response, next);
});
app.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ url })}\n`));
