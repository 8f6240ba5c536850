import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { HubApp } from './hub-app.ts';

const mediaType = 'application/json';

/**
 * Parses JSON as Fastify does, and takes an empty body for none where none is needed: many clients name the type
 * with every POST. Where a body is needed an empty one is no JSON.
 */
export function parseJsonBodies(app: HubApp): void {
  // A body that tries to change the prototype is refused, which is Fastify's default.
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(mediaType);
  app.addContentTypeParser(mediaType, { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '' && !needsBody(request)) done(null);
    else void parseJson(request, body, done);
  });
}

/** Fastify shows a route's schema `null` for a body that did not come. */
function needsBody({ routeOptions }: FastifyRequest): boolean {
  const body = routeOptions.schema?.body;
  return body instanceof z.ZodType && !body.safeParse(null).success;
}
