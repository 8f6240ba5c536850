import ipaddr from 'ipaddr.js';
import type { DirectRule, HubConfig, OutboundProxy } from '../config/config.ts';
import { isLoopback } from '../config/is-loopback.ts';

/** How a call leaves, and why. */
export type Route =
  | { via: 'direct'; reason: 'local_cloud' | 'this_machine' | 'no_proxy' | 'excepted' }
  | { via: 'proxy'; proxy: OutboundProxy };

/**
 * Decides how calls to an origin leave. The embedded local cloud and this machine are never reached through a proxy,
 * for which they are somewhere else. A name is compared as it is written; it is not resolved for that.
 */
export function chooseRoute({ cloud, proxies }: Pick<HubConfig, 'cloud' | 'proxies'>, url: URL): Route {
  const proxy = url.protocol === 'https:' ? proxies.https : proxies.http;
  if (proxy === null) return { via: 'direct', reason: 'no_proxy' };
  if (cloud.name === 'local') {
    const { authority, graph, localEnvironments } = cloud;
    if ([authority, graph, ...localEnvironments].includes(url.origin))
      return { via: 'direct', reason: 'local_cloud' };
  }
  if (isLoopback(url.hostname)) return { via: 'direct', reason: 'this_machine' };
  const isExcepted = proxies.direct.some((rule) => matches(rule, url));
  return isExcepted ? { via: 'direct', reason: 'excepted' } : { via: 'proxy', proxy };
}

function matches(rule: DirectRule, url: URL): boolean {
  if (rule.port !== null && rule.port !== portOf(url)) return false;
  if (rule.kind === 'all') return true;
  if (rule.kind === 'range') return isInRange(url.hostname.replace(/^\[|\]$/g, ''), rule.range);
  const host = url.hostname.replace(/\.$/, '');
  return host.endsWith(`.${rule.name}`) || (host === rule.name && !rule.subdomainsOnly);
}

function isInRange(host: string, range: string): boolean {
  if (!ipaddr.isValid(host)) return false;
  const [network, bits] = ipaddr.parseCIDR(range);
  // An IPv4 address may be written as one of IPv6, in the rule as well.
  return [ipaddr.parse(host), ipaddr.process(host)].some(
    (address) => address.kind() === network.kind() && address.match(network, bits),
  );
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
