import { invalidValue } from '../errors/graph-error.ts';

type RedirectPlatform = 'web' | 'spa' | 'publicClient';

const maximumLength = 256;
/** Limits over all platforms, by whether personal accounts are let in ("Supported accounts validation"). */
const maximumRedirectUris = { work: 256, personal: 100 };
const refusedCharacters = /[!$'(),;]/;
const loopbackHosts = ['localhost', '127.0.0.1'];
/** Schemes that a browser would run or read instead of going there. */
const dangerousSchemes = ['javascript:', 'data:', 'vbscript:', 'file:'];

/**
 * Checks an application's redirect URIs by the rules of "Redirect URI (reply URL) restrictions and
 * limitations": scheme, length, characters, fragment, wildcard, query, number, no URI twice.
 *
 * @throws GraphError 400 that names the URI and what is wrong with it
 */
export function checkRedirectUris(
  redirectUris: Record<RedirectPlatform, readonly string[]>,
  { personalAccounts }: { personalAccounts: boolean },
): void {
  const seen = new Set<string>();
  for (const platform of ['web', 'spa', 'publicClient'] as const) {
    const property = `${platform}.redirectUris`;
    for (const uri of redirectUris[platform]) {
      const problem = redirectUriProblem(uri, platform, personalAccounts);
      if (problem) throw invalidValue(property, `The redirect URI '${uri}' ${problem}`);
      if (seen.has(uri)) {
        throw invalidValue(property, `The redirect URI '${uri}' is there twice; each must be unique.`);
      }
      seen.add(uri);
    }
  }
  const maximum = personalAccounts ? maximumRedirectUris.personal : maximumRedirectUris.work;
  if (seen.size > maximum) {
    throw invalidValue('redirectUris', `There are more than ${maximum} redirect URIs over all platforms.`);
  }
}

/** What is wrong with a redirect URI, as the end of a sentence; null when nothing is. */
function redirectUriProblem(
  uri: string,
  platform: RedirectPlatform,
  personalAccounts: boolean,
): string | null {
  if (uri.length > maximumLength) return `has more than ${maximumLength} characters.`;
  const refused = uri.match(refusedCharacters)?.[0];
  if (refused) return `has the character ${refused}, which is not allowed.`;
  if (/\s/.test(uri) || !URL.canParse(uri)) return 'is not a valid absolute URI.';
  if (uri.includes('#')) return 'has a fragment, which is not allowed.';
  if (uri.includes('*')) return 'has a wildcard, which is not allowed.';
  if (uri.includes('?') && personalAccounts) {
    return 'has a query, which is not allowed where personal Microsoft accounts sign in.';
  }
  return schemeProblem(new URL(uri), platform);
}

function schemeProblem({ protocol, hostname }: URL, platform: RedirectPlatform): string | null {
  if (protocol === 'https:') return null;
  if (protocol === 'http:') {
    return loopbackHosts.includes(hostname)
      ? null
      : 'must begin with https, or with http://localhost for development.';
  }
  if (platform !== 'publicClient') return 'must begin with https, or with http://localhost for development.';
  return dangerousSchemes.includes(protocol) ? `has the scheme '${protocol}', which is not allowed.` : null;
}
