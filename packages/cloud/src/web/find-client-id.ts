import type { FastifyRequest } from 'fastify';

/**
 * The client id that a request comes from, unchecked: as Entra ID is told it (form, query or HTTP Basic), or as the
 * bearer token sent to a resource names it.
 */
export function findClientId(request: FastifyRequest): string | undefined {
  const { body, query, headers } = request;
  if (body instanceof Map && typeof body.get('client_id') === 'string') return String(body.get('client_id'));
  if (typeof query === 'object' && query !== null && 'client_id' in query) return String(query.client_id);
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'basic':
      return Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)[0];
    case 'bearer':
      return clientOfToken(credentials);
    default:
      return undefined;
  }
}

/** v1 tokens carry `appid`, v2 tokens `azp`. */
function clientOfToken(token: string): string | undefined {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return /"(?:appid|azp)":"([^"]+)"/.exec(payload)?.[1];
}
