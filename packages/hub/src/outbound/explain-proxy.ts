import type { IncomingHttpHeaders } from 'node:http';
import type { OutboundProxy } from '../config/config.ts';
import {
  badRequest,
  firstRedirect,
  firstServerError,
  ok,
  proxyAuthenticationRequired,
} from '../ground/http-status.ts';
import { describeNetworkError, type NetworkError } from './describe-network-error.ts';
import { OutboundError } from './outbound-http.ts';

const codes = {
  timeout: 'PROXY_UNAVAILABLE',
  unreachable: 'PROXY_UNAVAILABLE',
  nonsense: 'PROXY_NONSENSE',
  untrusted: 'PROXY_CERTIFICATE_UNTRUSTED',
} as const satisfies Record<NetworkError['kind'], string>;

/** @returns that the proxy itself could not be spoken to. @param cause from undici, the socket or TLS */
export function explainProxyError(proxy: OutboundProxy, cause: Error): OutboundError {
  const { kind, sentence } = describeNetworkError(cause);
  return new OutboundError(codes[kind], `The proxy ${hostOf(proxy)} ${sentence}.`, { cause });
}

/** @returns what a proxy's answer to CONNECT means that is no success */
export function explainProxyRefusal(
  proxy: OutboundProxy,
  { target, status, headers }: { target: string; status: number; headers: IncomingHttpHeaders },
): OutboundError {
  const name = `The proxy ${hostOf(proxy)}`;
  if (status === proxyAuthenticationRequired) {
    const asks =
      proxy.authorization === null
        ? 'asks for a user and a password'
        : 'does not accept the user and password that it was given';
    const detail = `${name} ${asks}${offeredSchemes(headers)} (HTTP 407).`;
    return new OutboundError('PROXY_AUTHENTICATION_REQUIRED', detail);
  }
  if (status >= firstServerError) {
    return new OutboundError(
      'PROXY_TARGET_UNREACHABLE',
      `${name} could not reach ${target} (HTTP ${status}).`,
    );
  }
  if (status >= badRequest) {
    return new OutboundError(
      'PROXY_REFUSED',
      `${name} does not let the hub reach ${target} (HTTP ${status}).`,
    );
  }
  // Behind a success the tunnel begins, in which a server never speaks first.
  const isSuccess = status >= ok && status < firstRedirect;
  const what = `HTTP ${status}${isSuccess ? ' and more behind it' : ''}`;
  return new OutboundError('PROXY_NONSENSE', `${name} answered CONNECT with ${what}, as no proxy does.`);
}

/** Names of the registry (IANA, "HTTP Authentication Schemes") that proxies use; nothing else of the header is told. */
function offeredSchemes(headers: IncomingHttpHeaders): string {
  const text = [headers['proxy-authenticate'] ?? []].flat().join(', ');
  const known = ['Basic', 'Digest', 'NTLM', 'Negotiate', 'Kerberos', 'Bearer'];
  const offered = known.filter((scheme) => new RegExp(`(?:^|,)\\s*${scheme}(?=\\s|,|$)`, 'i').test(text));
  return offered.length === 0 ? '' : `; it takes ${offered.join(', ')}`;
}

function hostOf({ origin }: OutboundProxy): string {
  return new URL(origin).host;
}
