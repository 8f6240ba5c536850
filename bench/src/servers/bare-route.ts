import Fastify from 'fastify';
import { announceReady, readSetting } from './serve.ts';

/** A bare Fastify route that answers the given bytes: body and headers. */
const body = readSetting('body');
const headers = JSON.parse(readSetting('headers')) as Record<string, string>;
const app = Fastify();
app.get('/token', (_request, reply) => reply.headers(headers).send(body));
announceReady({ origin: await app.listen({ host: '127.0.0.1', port: 0 }) });
