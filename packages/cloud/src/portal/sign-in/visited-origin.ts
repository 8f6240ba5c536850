import type { FastifyRequest } from 'fastify';
import { originOf } from '../../service-origins.ts';
import type { PortalContext } from '../visit/portal-context.ts';

/** Names that the loopback listeners are reached by besides the one that is advertised. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origin by which a browser visits the portal: the advertised one, a loopback name, or one of Microsoft's names
 * through the CONNECT proxy. A session's cookies belong to it, so a sign-in has to end there. Undefined for any other
 * name: the Host header is compared with known names, and never believed.
 */
export function visitedOrigin(
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
