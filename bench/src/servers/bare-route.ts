import Fastify from 'fastify';
import { announce, readSetting } from './serve.ts';

/** A bare Fastify route that answers the given bytes. */
const body = readSetting('body');
const app = Fastify();
app.get('/token', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
announce({ origin: await app.listen({ host: '127.0.0.1', port: 0 }) });
