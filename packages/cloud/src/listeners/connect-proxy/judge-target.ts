import type { CloudContext } from '../../cloud-context.ts';
import { type Destination, environmentHosts, findDestination } from './find-destination.ts';

/** Whether the proxy leads to a target and what answers there, or why it does not. */
export type TargetVerdict = { allowed: true; destination: Destination } | { allowed: false; message: string };

const wayOut = 'Unset HTTPS_PROXY for this program, or name the host in NO_PROXY.';

/** @param target `host:port`, as CONNECT sends it (RFC 9110 §9.3.6); without a port it is HTTPS's own */
export function judgeTarget(
  context: Pick<CloudContext, 'directory' | 'addresses'>,
  target: string,
): TargetVerdict {
  const url = URL.parse(`https://${target}`);
  if (!url) return { allowed: false, message: 'CONNECT takes a host and a port.' };
  const host = url.hostname.replace(/\.$/, '');
  const destination = findDestination(context, host);
  if (!destination) {
    const own = environmentHosts(context).join(', ');
    return {
      allowed: false,
      message: `The local Microsoft cloud stands in for Microsoft's sign-in, Graph, portal and its own CRM (${own}) only, not for ${host}. ${wayOut}`,
    };
  }
  // A URL leaves its scheme's own port out.
  if (url.port === '') return { allowed: true, destination };
  return { allowed: false, message: `${host} answers on port 443 only, not on ${url.port}.` };
}
