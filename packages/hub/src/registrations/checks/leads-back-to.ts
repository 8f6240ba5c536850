import type { ApplicationFacts } from './read-application.ts';

/** Microsoft compares redirect URIs of this name without their port (RFC 8252 §7.3). */
const loopbackHost = 'localhost';

/** @returns whether Microsoft would send a browser back there */
export function leadsBackTo(
  { web, spa, publicClient }: Pick<ApplicationFacts, 'web' | 'spa' | 'publicClient'>,
  redirectUri: string,
): boolean {
  const known = [web, spa, publicClient].flatMap((platform) => platform?.redirectUris ?? []);
  return known.some((uri) => withoutLoopbackPort(uri) === withoutLoopbackPort(redirectUri));
}

function withoutLoopbackPort(uri: string): string {
  const url = URL.parse(uri);
  if (url?.protocol !== 'http:' || url.hostname !== loopbackHost) return uri;
  return `http://${loopbackHost}${url.pathname}${url.search}`;
}
