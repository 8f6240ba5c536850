import type { FastifyInstance } from 'fastify';
import { formOf } from '../../web/form-body.ts';
import { parseQuery } from '../../web/parse-form.ts';
import type { EntraContext } from '../entra-context.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { sendOutcome } from '../http/outcome.ts';
import { readPageVisit } from '../visit/page-visit.ts';
import { startAuthorization } from './start-authorization.ts';

const endpoints: readonly { version: EndpointVersion; path: string }[] = [
  { version: 1, path: '/:tenant/oauth2/authorize' },
  { version: 2, path: '/:tenant/oauth2/v2.0/authorize' },
];

/** The authorize endpoints of both generations, by GET (and HEAD) and by POST (OpenID Connect Core §3.1.2.1). */
export function registerAuthorizeRoutes(app: FastifyInstance, context: EntraContext): void {
  for (const { version, path } of endpoints) {
    app.route<{ Params: { tenant: string } }>({
      method: ['GET', 'HEAD', 'POST'],
      url: path,
      handler: (request, reply) => {
        const parameters = request.method === 'POST' ? formOf(request) : parseQuery(request.url);
        const visit = readPageVisit(context, request, reply);
        return sendOutcome(
          context,
          reply,
          startAuthorization(visit, version, request.params.tenant, parameters),
        );
      },
    });
  }
}
