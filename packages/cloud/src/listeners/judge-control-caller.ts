import type { FastifyRequest } from 'fastify';
import { originOf, type ServiceOrigins } from '../service-origins.ts';

/** Whether a caller may control the cloud, or why not. */
export type CallerVerdict = { allowed: true } | { allowed: false; message: string };

const loopbackAddress = /^(?:127\.|::1$|::ffff:127\.)/;
const loopbackName = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])\.?$/;

/**
 * Controls are for programs on this machine that mean this cloud. A web page that is open here is none of them: not by
 * a request to another origin, which browsers mark (`Origin`, `Sec-Fetch-Site` of Fetch Metadata), and not by a host
 * name of its own that it has made lead here (DNS rebinding), which `Host` tells.
 *
 * @param entra where the service listens whose ports the controls share
 */
export function judgeControlCaller(entra: ServiceOrigins, request: FastifyRequest): CallerVerdict {
  if (!loopbackAddress.test(request.socket.remoteAddress ?? '')) return refused('Only from this machine.');
  const ownOrigin = originOf(entra, request);
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = request.headers;
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  if (!loopbackName.test(name) && name !== new URL(ownOrigin).hostname) {
    return refused(
      `The Host header names another host than this cloud's. Call it by ${ownOrigin}, or by localhost.`,
    );
  }
  const isOwnPage = origin === undefined || URL.parse(origin)?.host === host;
  if (!isOwnPage || (site !== 'none' && site !== 'same-origin')) {
    return refused('Not from a page of another origin. Call it from the test, not from the page under test.');
  }
  return { allowed: true };
}

function refused(message: string): CallerVerdict {
  return { allowed: false, message };
}
