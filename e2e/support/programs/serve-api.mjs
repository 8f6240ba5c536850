/**
 * An API that takes bearer tokens by `passport-azure-ad`, as its README shows: express, the `BearerStrategy`, and the
 * metadata of the directory. Prints its address as one JSON line.
 *
 * `METADATA` is the discovery document's address, `CLIENT_ID` and `AUDIENCE` the API's.
 */
import express from 'express';
import passport from 'passport';
import { BearerStrategy } from 'passport-azure-ad';

const { METADATA, CLIENT_ID, AUDIENCE } = process.env;

passport.use(
  new BearerStrategy(
    {
      identityMetadata: METADATA,
      clientID: CLIENT_ID,
      audience: AUDIENCE,
      validateIssuer: true,
      loggingLevel: 'fatal',
      // Refusals say why.
      loggingNoPII: false,
    },
    (claims, done) => done(null, { id: claims.oid }, claims),
  ),
);

const app = express();
app.use(passport.initialize());
app.get('/', passport.authenticate('oauth-bearer', { session: false }), (request, response) => {
  response.json(request.authInfo);
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/` })}\n`);
});
