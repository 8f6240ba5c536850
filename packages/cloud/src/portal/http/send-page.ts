import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpStatus } from '../../ground/http-status.ts';
import { originOf } from '../../service-origins.ts';
import { contentSecurityPolicy, renderDocument } from '../pages/frame.ts';
import type { PortalPage } from '../pages/portal-page.ts';
import type { PortalSession } from '../session/sessions.ts';
import { listOrganizations } from '../visit/list-organizations.ts';
import type { PortalContext } from '../visit/portal-context.ts';

const nonceBytes = 16;

/** Brings a page to the browser. Pages may show a secret, so nothing keeps them. */
export function sendPage(
  context: PortalContext,
  {
    request,
    reply,
    session,
  }: { request: FastifyRequest; reply: FastifyReply; session: PortalSession | undefined },
  page: PortalPage,
): FastifyReply {
  const nonce = context.random.bytes(nonceBytes).toString('base64');
  return reply
    .code(page.status ?? httpStatus.ok)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(nonce, [originOf(context.addresses.entra, request)]),
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    .send(
      renderDocument(page, {
        session,
        hasClock: context.movableClock !== null,
        hasDirectories: listOrganizations(context.directory).length > 1,
        nonce,
      }),
    );
}
