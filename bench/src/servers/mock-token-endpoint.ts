import { OAuth2Server } from 'oauth2-mock-server';
import { announceReady } from './serve.ts';

/** The most used OAuth mock server of npm, with one RSA key as ours has. */
const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(0, '127.0.0.1');
announceReady({ tokenUrl: `${server.issuer.url}/token` });
