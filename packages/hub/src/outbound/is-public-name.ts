/**
 * Ends of names that lead nowhere on the Internet: special-use names (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`).
 */
const privateEnds = ['localhost', 'local', 'internal', 'home.arpa'];

/**
 * Whether a URL's host name may belong to the public Internet by its looks: not a name without a dot, which only a network's
 * own search list completes, and not one that is reserved for private use.
 */
export function isPublicName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  return name.includes('.') && !privateEnds.some((end) => name.endsWith(`.${end}`));
}
