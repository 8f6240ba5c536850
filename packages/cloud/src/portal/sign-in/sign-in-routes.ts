import { wellKnownIds } from '@latchkey/microsoft';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findApplicationByAppId, updateApplication } from '../../directory/applications.ts';
import { portalPaths } from '../../directory/first-party/first-party-applications.ts';
import { makeLoginHint } from '../../directory/login-hint.ts';
import { matchRedirectUri } from '../../directory/match-redirect-uri.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { httpStatus } from '../../ground/http-status.ts';
import { originOf } from '../../service-origins.ts';
import { html } from '../../web/html.ts';
import { parseQuery } from '../../web/parse-form.ts';
import { PortalError } from '../http/portal-error.ts';
import { requireFormToken } from '../http/read-visit.ts';
import { sendPage } from '../http/send-page.ts';
import { directoriesPath } from '../pages/navigation.ts';
import { portalCookies } from '../session/portal-cookies.ts';
import { endSession, findSession, startSession } from '../session/sessions.ts';
import { listOrganizations } from '../visit/list-organizations.ts';
import type { PortalContext } from '../visit/portal-context.ts';
import { redeemPortalCode } from './redeem-portal-code.ts';
import { authorizeAddress, readState, safeReturnPath } from './sign-in-request.ts';

const cookieBytes = 32;

/** Signing in and out: the portal is a client of the local Entra ID like any other (RFC 6749 §4.1, RFC 7636). */
export function registerSignInRoutes(app: FastifyInstance, context: PortalContext): void {
  app.get(portalPaths.signedIn, (request, reply) => finishSignIn(context, request, reply));
  app.get<{ Params: { tenant: string } }>(`${directoriesPath}/:tenant`, (request, reply) => {
    const directory = listOrganizations(context.directory).find(({ id }) => id === request.params.tenant)?.id;
    // To the first page: what was looked at in one directory is not there in another.
    return startSignIn(context, request, reply, { directory, returnPath: '/' });
  });
  app.post('/signout', (request, reply) => signOut(context, request, reply));
  app.get(portalPaths.signedOut, (request, reply) =>
    sendPage(
      context,
      { request, reply, session: undefined },
      {
        title: 'You signed out',
        area: 'home',
        body: html`<p>You are no longer signed in to this portal.</p><p><a class="button" href="/">Sign in</a></p>`,
      },
    ),
  );
}

/** Sends the browser to Entra ID, to come back to the page that was asked for. */
export function startSignIn(
  context: PortalContext,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    directory,
    returnPath = wantedPage(request),
  }: { directory?: string | undefined; returnPath?: string } = {},
): FastifyReply {
  reply.header('cache-control', 'no-store');
  const portalOrigin = visitedOrigin(context, request);
  if (portalOrigin === undefined) {
    // Under this name no cookie of ours would be found again.
    return reply.redirect(originOf(context.addresses.portal, request) + returnPath, httpStatus.seeOther);
  }
  allowRedirectUris(context.directory, portalOrigin);
  const cookies = portalCookies(request, reply);
  let cookie = cookies.read('signIn');
  if (!cookie) {
    cookie = context.random.bytes(cookieBytes).toString('base64url');
    cookies.write('signIn', cookie);
  }
  const location = authorizeAddress({
    entraOrigin: originOf(context.addresses.entra, request),
    portalOrigin,
    cookie,
    returnPath,
    directory,
  });
  return reply.redirect(location, httpStatus.seeOther);
}

/** The page that was asked for, or the one whose form was sent too late. */
function wantedPage({ method, url, headers }: FastifyRequest): string {
  if (method === 'GET') return safeReturnPath(url);
  const page = URL.parse(headers.referer ?? '');
  return page ? safeReturnPath(page.pathname) : '/';
}

/** @throws PortalError 400 when Entra ID refused, or the answer does not belong to this browser */
async function finishSignIn(
  context: PortalContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const cookies = portalCookies(request, reply);
  const parameters = parseQuery(request.url);
  const cookie = cookies.read('signIn');
  const returnPath = cookie && readState(cookie, parameters.get('state') ?? '');
  if (!cookie || returnPath === undefined) {
    throw new PortalError(
      400,
      'This sign-in was not started in this browser. Start again from the first page.',
    );
  }
  const code = parameters.get('code');
  if (code === undefined) {
    throw new PortalError(400, parameters.get('error_description') ?? 'Entra ID sent no authorization code.');
  }
  const user = await redeemPortalCode(context, {
    code,
    cookie,
    portalOrigin: portalOriginOf(context, request),
  });
  // A session of before ends: nobody goes on as somebody else, and no session id survives a sign-in.
  const earlier = findSession(context, cookies.read('session'));
  if (earlier) endSession(context, earlier.id);
  cookies.write('session', startSession(context, user));
  cookies.clear('signIn');
  return reply.header('cache-control', 'no-store').redirect(safeReturnPath(returnPath), httpStatus.seeOther);
}

/** Ends the session here and at Entra ID, which leads back. */
function signOut(context: PortalContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const cookies = portalCookies(request, reply);
  const session = findSession(context, cookies.read('session'));
  if (session) {
    requireFormToken(session, request);
    endSession(context, session.id);
  }
  cookies.clear('session');
  const parameters = new URLSearchParams({
    post_logout_redirect_uri: portalOriginOf(context, request) + portalPaths.signedOut,
    // So that Entra ID needs not ask which of the browser's accounts is meant.
    ...(session && { logout_hint: makeLoginHint(session.user) }),
  });
  const entra = originOf(context.addresses.entra, request);
  return reply
    .header('cache-control', 'no-store')
    .redirect(`${entra}/common/oauth2/v2.0/logout?${parameters.toString()}`, httpStatus.seeOther);
}

function portalOriginOf(context: PortalContext, request: FastifyRequest): string {
  return visitedOrigin(context, request) ?? originOf(context.addresses.portal, request);
}

/** Names that the loopback listeners are reached by besides the one that is advertised. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origin by which a browser visits the portal: the advertised one, a loopback name, or one of Microsoft's names
 * through the CONNECT proxy. A session's cookies belong to it, so a sign-in has to end there. Undefined for any other
 * name: the Host header is compared with known names, and never believed.
 */
function visitedOrigin(
  { addresses }: Pick<PortalContext, 'addresses'>,
  request: FastifyRequest,
): string | undefined {
  const own = new URL(originOf(addresses.portal, request));
  const name = (request.headers.host ?? own.host).toLowerCase().replace(/:\d*$/, '');
  if (name === own.hostname) return own.origin;
  if (!loopbackNames.includes(own.hostname) || !loopbackNames.includes(name)) return undefined;
  own.hostname = name;
  return own.origin;
}

/**
 * Registers the portal's own redirect URIs at an origin where they are missing: which origins there are depends on
 * where it listens, which no seed knows.
 *
 * @param origin one of the portal's own, never a name that a request made up
 */
function allowRedirectUris(directory: Directory, origin: string): void {
  const portal = findApplicationByAppId(directory, wellKnownIds.azurePortal);
  if (!portal) return;
  const { id, displayName, document } = portal;
  const missing = [portalPaths.signedIn, portalPaths.signedOut]
    .map((path) => origin + path)
    .filter((uri) => matchRedirectUri(document, uri) === undefined);
  if (missing.length === 0) return;
  const redirectUris = [...document.publicClient.redirectUris, ...missing];
  updateApplication(directory, {
    id,
    displayName,
    document: { ...document, publicClient: { redirectUris } },
  });
}
