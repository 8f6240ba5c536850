import type { FastifyInstance } from 'fastify';
import { listApplications } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { listTenants } from '../../directory/tenants.ts';
import { matchRedirectUri } from '../clients/match-redirect-uri.ts';
import type { EntraContext } from '../entra-context.ts';
import { formOf } from '../http/form-body.ts';
import { sendOutcome, showPage } from '../http/outcome.ts';
import { readPageVisit } from '../http/page-visit.ts';
import { type Parameters, parseQuery } from '../http/parse-form.ts';
import { signedOutPage } from '../pages/signed-out-page.ts';
import { frontChannelAddresses } from './front-channel.ts';

/**
 * The logout endpoints of both generations (OpenID Connect RP-Initiated Logout). The session ends; refresh tokens
 * live on. Apps with a `logoutUrl` that the person signed in to are told by frames in the page. Only a registered address is gone back to.
 */
export function registerSignOutRoutes(app: FastifyInstance, context: EntraContext): void {
  for (const url of ['/:tenant/oauth2/logout', '/:tenant/oauth2/v2.0/logout']) {
    app.route({
      method: ['GET', 'POST'],
      url,
      handler: (request, reply) => {
        const parameters = request.method === 'POST' ? formOf(request) : parseQuery(request.url);
        const visit = readPageVisit(context, request, reply);
        const frames = visit.session
          ? frontChannelAddresses(context, { sessionId: visit.session.id, origin: visit.origin })
          : [];
        visit.signOut();
        const location = returnAddress(context.directory, parameters);
        const isPage = location === undefined || frames.length > 0;
        return sendOutcome(
          context,
          reply,
          isPage ? showPage(signedOutPage({ frames, location })) : { kind: 'redirect', location },
        );
      },
    });
  }
}

function returnAddress(directory: Directory, parameters: Parameters): string | undefined {
  const uri = parameters.get('post_logout_redirect_uri');
  if (uri === undefined || !isRegistered(directory, uri)) return undefined;
  const state = parameters.get('state');
  if (state === undefined) return uri;
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state }).toString()}`;
}

function isRegistered(directory: Directory, uri: string): boolean {
  return listTenants(directory)
    .flatMap((tenant) => listApplications(directory, tenant.id))
    .some(({ document }) => matchRedirectUri(document, uri) !== undefined);
}
