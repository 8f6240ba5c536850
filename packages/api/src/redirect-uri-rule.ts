const longestRedirectUri = 256;
const plainHttpHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1']);

/**
 * What Microsoft Entra ID would refuse in a redirect URI of the web platform, told before anything is made.
 *
 * @param audience the registration's `signInAudience`
 * @returns undefined when it is acceptable
 * Source: Microsoft's "Redirect URI (reply URL) best practices and limitations".
 */
export function redirectUriObjection(uri: string, audience: string): string | undefined {
  if (uri.length > longestRedirectUri) return `A redirect URI has at most ${longestRedirectUri} characters.`;
  if (!URL.canParse(uri)) return 'Give a whole address, such as https://latchkey.example.com/oauth/callback.';
  const { protocol, hostname, hash, search } = new URL(uri);
  if (protocol !== 'https:' && !(protocol === 'http:' && plainHttpHosts.has(hostname))) {
    return 'A redirect URI begins with https://; only http://localhost may do without.';
  }
  if (hash !== '' || uri.endsWith('#')) return 'A redirect URI has no fragment (#…).';
  if (/[!$'(),;]/.test(uri)) return "A redirect URI has none of the characters ! $ ' ( ) , ;";
  if (uri.includes('*')) return 'A redirect URI has no wildcard (*).';
  if (search !== '' && audience.includes('Personal')) {
    return 'A redirect URI has no query (?…) where personal accounts may sign in.';
  }
  return undefined;
}
