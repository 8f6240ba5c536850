/**
 * Takes the percent signs of a path literally where they are no escapes of UTF-8 (RFC 3986 §2.1), so that each service
 * says in its own words that there is nothing at such an address. Everything else is left as it was sent.
 *
 * @param url path and query as sent
 */
export function withLiteralPercents(url: string): string {
  if (!url.includes('%')) return url;
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  return isDecodable(path) ? url : path.replaceAll('%', '%25') + url.slice(path.length);
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
