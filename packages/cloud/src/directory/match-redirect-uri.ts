import type { ApplicationDocument } from './application-document.ts';

/** The platform under which a redirect URI is registered; it decides how its codes are redeemed. */
export type RedirectPlatform = 'web' | 'spa' | 'publicClient';

export const redirectPlatforms: readonly RedirectPlatform[] = ['web', 'spa', 'publicClient'];
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1']);

/**
 * The platform that a redirect URI is registered under, or undefined when it is not registered. The comparison is
 * exact and case-sensitive, but the port of a loopback address does not count (RFC 8252 §7.3) and an address
 * without a path is the same with a slash.
 */
export function matchRedirectUri(
  document: ApplicationDocument,
  redirectUri: string,
): RedirectPlatform | undefined {
  const wanted = comparableForm(redirectUri);
  return redirectPlatforms.find((platform) =>
    document[platform].redirectUris.some((registered) => comparableForm(registered) === wanted),
  );
}

/** The redirect URI that is taken when the request names none: the first registered. */
export function defaultRedirectUri(document: ApplicationDocument): string | undefined {
  return redirectPlatforms.flatMap((platform) => document[platform].redirectUris)[0];
}

/** A path-less web address is used with a slash: `https://contoso.com` comes back as `https://contoso.com/`. */
export function withPath(redirectUri: string): string {
  return redirectUri.replace(/^(https?:\/\/[^/?#]+)(?=$|[?#])/, '$1/');
}

function comparableForm(redirectUri: string): string {
  const address = withPath(redirectUri);
  const [, scheme, host, rest] = /^(https?):\/\/([^/:?#@]+):\d+(.*)$/s.exec(address) ?? [];
  if (!scheme || !host || rest === undefined || !loopbackHosts.has(host)) return address;
  return `${scheme}://${host}${rest}`;
}
