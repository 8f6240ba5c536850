/**
 * A web app where people sign in by `@auth/express`, as its documentation shows: its own sign-in page, the provider
 * `MicrosoftEntraID`, and a session in a cookie. Prints its address as one JSON line.
 */
import { ExpressAuth, getSession } from '@auth/express';
import MicrosoftEntraID from '@auth/express/providers/microsoft-entra-id';
import express from 'express';

const { PORT, TENANT, CLIENT_ID, CLIENT_SECRET } = process.env;
const url = `http://localhost:${PORT}/`;
/** What the library told its log, with the provider's own words where it passes them on; its pages tell nobody. */
const told = [];

const settings = {
  secret: 'thirty-two characters for cookies',
  trustHost: true,
  providers: [
    MicrosoftEntraID({
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
    }),
  ],
  debug: true,
  logger: {
    error: ({ message }) => told.push(message),
    warn: () => {},
    debug: (title, details) => title === 'OAuthCallbackError' && told.push(details.error_description),
  },
};

const app = express();
// As a prefix: its documentation's `/auth/*` is for Express 4.
app.use('/auth', ExpressAuth(settings));
app.get('/', async (request, response) => {
  const session = await getSession(request, settings);
  response.type('html').send(JSON.stringify({ ...session?.user, failure: told.join(' ') || undefined }));
});
app.listen(Number(PORT), '127.0.0.1', () =>
  process.stdout.write(`${JSON.stringify({ url: `${url}auth/signin?callbackUrl=${url}` })}\n`),
);
