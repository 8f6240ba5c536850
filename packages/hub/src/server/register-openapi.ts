import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { sessionCookieName } from '../access/session-cookie.ts';
import { hubVersion } from '../config/config.ts';
import type { HubApp } from '../http/hub-app.ts';
import { completeOpenApi, openApiDocumentSchema } from './complete-openapi.ts';

/** Describes the API at `/openapi.json`, from the schemas that its routes check with. Goes before the routes. */
export async function registerOpenApi(app: HubApp): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Latchkey',
        version: hubVersion,
        description: 'Connections to Microsoft Dynamics 365. Every failure is application/problem+json.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: lk_…' },
          session: { type: 'apiKey', in: 'cookie', name: sessionCookieName },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  let document: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    document ??= JSON.stringify(completeOpenApi(openApiDocumentSchema.parse(app.swagger())));
    return reply.type('application/json; charset=utf-8').send(document);
  });
}
