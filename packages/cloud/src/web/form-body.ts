import type { FastifyInstance, FastifyRequest } from 'fastify';
import { withoutByteOrderMark } from './byte-order-mark.ts';
import { type Parameters, parseForm } from './parse-form.ts';

const none: Parameters = new Map();

/** Reads form bodies; a body of any other type counts as empty, so that a missing parameter is what is answered. */
export function readFormBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, parseForm(withoutByteOrderMark(body))),
  );
  app.addContentTypeParser('*', { parseAs: 'string' }, () => Promise.resolve(none));
}

/** The parameters of a request's form body. */
export function formOf({ body }: FastifyRequest): Parameters {
  return body instanceof Map ? body : none;
}
