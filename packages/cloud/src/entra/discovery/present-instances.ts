import { aadsts } from '@latchkey/microsoft';
import type { ServiceOrigins } from '../../service-origins.ts';
import type { Parameters } from '../../web/parse-form.ts';
import { EntraError } from '../errors/entra-error.ts';
import { requireParameter } from '../http/require-parameter.ts';

/** One sign-in service with the names that it goes by. */
interface Instance {
  preferred_network: string;
  preferred_cache: string;
  aliases: string[];
}

const microsoftInstances: readonly Instance[] = [
  {
    preferred_network: 'login.microsoftonline.com',
    preferred_cache: 'login.windows.net',
    aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  },
  {
    preferred_network: 'login.partner.microsoftonline.cn',
    preferred_cache: 'login.partner.microsoftonline.cn',
    aliases: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
  },
  {
    preferred_network: 'login.microsoftonline.us',
    preferred_cache: 'login.microsoftonline.us',
    aliases: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
  },
];

/**
 * Tells a client which hosts are one sign-in service: this one first, then Microsoft's.
 *
 * @throws EntraError 900144 and 50050 for a question that can't be read, 50049 for a host that is none of them
 */
export function presentInstances(entra: ServiceOrigins, origin: string, query: Parameters): object {
  const { host } = new URL(origin);
  const local: Instance = {
    preferred_network: host,
    preferred_cache: host,
    aliases: localHosts(entra, host),
  };
  const isMicrosofts = microsoftInstances.some((instance) => instance.aliases.includes(host));
  const metadata = isMicrosofts ? microsoftInstances : [local, ...microsoftInstances];
  const asked = readAddress(requireParameter(query, 'authorization_endpoint'));
  if (!metadata.some((instance) => instance.aliases.includes(asked.host))) {
    throw new EntraError(aadsts.noSuchInstanceForDiscovery, {}, { error: 'invalid_instance' });
  }
  const tenant = asked.pathname.split('/')[1] ?? '';
  const version = asked.pathname.toLowerCase().endsWith('/v2.0/authorize') ? '/v2.0' : '';
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}${version}/.well-known/openid-configuration`,
    'api-version': query.get('api-version') ?? '1.1',
    metadata,
  };
}

function localHosts(entra: ServiceOrigins, host: string): string[] {
  return [...new Set([host, new URL(entra.https).host, new URL(entra.http).host])];
}

function readAddress(address: string): URL {
  const url = URL.parse(address);
  if (!url) throw new EntraError(aadsts.malformedDiscoveryRequest);
  return url;
}
