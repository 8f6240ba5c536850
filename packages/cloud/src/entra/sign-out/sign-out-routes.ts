import type { FastifyInstance } from 'fastify';
import { listApplications } from '../../directory/applications.ts';
import { matchRedirectUri } from '../../directory/match-redirect-uri.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { listTenants } from '../../directory/tenants.ts';
import { formOf } from '../../web/form-body.ts';
import { type Parameters, parseQuery } from '../../web/parse-form.ts';
import type { EntraContext } from '../entra-context.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { type Outcome, sendOutcome, showPage } from '../http/outcome.ts';
import { signOutAccountPage } from '../pages/account-pages.ts';
import { signedOutPage } from '../pages/signed-out-page.ts';
import { frontChannelAddresses } from '../stored/session-apps.ts';
import { type PageVisit, readPageVisit } from '../visit/page-visit.ts';
import { decideSignOut } from './decide-sign-out.ts';
import { readSignOutHint } from './read-sign-out-hint.ts';

const endpoints: readonly { version: EndpointVersion; path: string }[] = [
  { version: 1, path: '/:tenant/oauth2/logout' },
  { version: 2, path: '/:tenant/oauth2/v2.0/logout' },
];

/** What goes with the person to the page that asks, and on from there. */
const carriedParameters = ['post_logout_redirect_uri', 'state'];

/**
 * The logout endpoints of both generations (OpenID Connect RP-Initiated Logout). One account's session ends; refresh
 * tokens live on.
 */
export function registerSignOutRoutes(app: FastifyInstance, context: EntraContext): void {
  for (const { version, path } of endpoints) {
    app.route({
      method: ['GET', 'POST'],
      url: path,
      handler: (request, reply) => {
        const parameters = request.method === 'POST' ? formOf(request) : parseQuery(request.url);
        const visit = readPageVisit(context, request, reply);
        const [action = ''] = request.url.split('?');
        return sendOutcome(context, reply, takeSignOut(visit, version, action, parameters));
      },
    });
  }
}

/**
 * Signs an account out, or asks which. Apps with a `logoutUrl` that the person signed in to are told by frames in the
 * page. Only a registered address is gone back to.
 */
function takeSignOut(
  visit: PageVisit,
  version: EndpointVersion,
  action: string,
  parameters: Parameters,
): Outcome {
  const decided = decideSignOut(version, visit.accounts, readSignOutHint(visit.context, parameters));
  if (decided.decision === 'ask_which') {
    const carried = [...parameters].filter(([name]) => carriedParameters.includes(name));
    return showPage(signOutAccountPage(action, decided.accounts, carried));
  }
  const account = decided.decision === 'sign_out' ? decided.account : undefined;
  const frames = frontChannelAddresses(
    { directory: visit.context.directory, origin: visit.origin },
    account?.session,
  );
  if (account) visit.signOut(account);
  const location = returnAddress(visit.context.directory, parameters);
  return location === undefined || frames.length > 0
    ? showPage(signedOutPage({ frames, location }))
    : { kind: 'redirect', location };
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
