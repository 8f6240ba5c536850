/**
 * A web app where people sign in by `passport-microsoft`, as its README shows: express, the strategy with Microsoft's
 * hosts built in, and the profile from Microsoft Graph. Prints its address as one JSON line.
 */
import express from 'express';
import passport from 'passport';
import { Strategy } from 'passport-microsoft';

const { PORT, TENANT, CLIENT_ID, CLIENT_SECRET } = process.env;
const url = `http://localhost:${PORT}/`;

passport.use(
  new Strategy(
    {
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      callbackURL: `${url}callback`,
      tenant: TENANT,
      scope: ['user.read'],
    },
    (_accessToken, _refreshToken, profile, done) =>
      done(null, { name: profile.displayName, email: profile.emails[0]?.value }),
  ),
);

const app = express();
app.use(passport.initialize());
app.get('/', passport.authenticate('microsoft', { session: false }));
app.get('/callback', (request, response, next) => {
  passport.authenticate('microsoft', { session: false }, (error, user, info) => {
    // What the token endpoint says stands in `oauthError`, or in the message where the answer is one of OAuth.
    const failure = error ? `${error.message} ${error.oauthError?.data ?? ''}` : info?.message;
    response.type('html').send(JSON.stringify({ failure, ...user }));
  })(request, response, next);
});
app.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ url })}\n`));
