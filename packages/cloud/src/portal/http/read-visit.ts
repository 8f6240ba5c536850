import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../../service-origins.ts';
import { formOf } from '../../web/form-body.ts';
import { formTokenName } from '../pages/form-parts.ts';
import { portalCookies } from '../session/portal-cookies.ts';
import { findSession, type PortalSession } from '../session/sessions.ts';
import { environmentOrigins } from '../visit/environment-origins.ts';
import type { PortalContext } from '../visit/portal-context.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';
import { PortalError } from './portal-error.ts';

/** What the portal was authorised for; the person's own roles decide within it. */
const portalScopes: ReadonlySet<string> = new Set(['Directory.AccessAsUser.All', 'User.Read']);

/** Reads who visits and what they ask for; undefined when nobody is signed in. */
export function readVisit(
  context: PortalContext,
  request: FastifyRequest<{ Params: Record<string, string> }>,
  reply: FastifyReply,
): PortalVisit | undefined {
  const cookies = portalCookies(request, reply);
  const session = findSession(context, cookies.read('session'));
  if (!session) return undefined;
  const { user, tenant } = session;
  const [, query = ''] = request.url.split(/\?(.*)/s, 2);
  return {
    context,
    session,
    caller: { kind: 'person', user, tenant, scopes: portalScopes },
    origins: {
      entra: originOf(context.addresses.entra, request),
      graph: originOf(context.addresses.graph, request),
    },
    environments: () => environmentOrigins(context, request, tenant.id),
    formId: context.random.guid(),
    params: request.params,
    query: new URLSearchParams(query),
    form: formOf(request),
  };
}

/** @throws PortalError 403 when a form does not come from a page of this session (CSRF) */
export function requireFormToken({ formToken }: PortalSession, request: FastifyRequest): void {
  const given = Buffer.from(formOf(request).get(formTokenName) ?? '');
  const expected = Buffer.from(formToken);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new PortalError(
    403,
    'This form is out of date or came from elsewhere. Open the page anew and try again.',
  );
}
