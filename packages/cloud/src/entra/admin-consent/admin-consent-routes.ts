import type { FastifyInstance } from 'fastify';
import { parseQuery } from '../../web/parse-form.ts';
import type { EntraContext } from '../entra-context.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { sendOutcome } from '../http/outcome.ts';
import { readPageVisit } from '../visit/page-visit.ts';
import { startAdminConsent } from './continue-admin-consent.ts';

const endpoints: readonly { version: EndpointVersion; path: string }[] = [
  { version: 1, path: '/:tenant/adminconsent' },
  { version: 2, path: '/:tenant/v2.0/adminconsent' },
];

/** The adminconsent endpoints of both generations. */
export function registerAdminConsentRoutes(app: FastifyInstance, context: EntraContext): void {
  for (const { version, path } of endpoints) {
    app.get<{ Params: { tenant: string } }>(path, (request, reply) => {
      const visit = readPageVisit(context, request, reply);
      const outcome = startAdminConsent(visit, version, request.params.tenant, parseQuery(request.url));
      return sendOutcome(context, reply, outcome);
    });
  }
}
