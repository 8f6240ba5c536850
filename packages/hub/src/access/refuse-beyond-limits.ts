import type { FastifyContextConfig } from 'fastify';
import { HubError } from '../errors/hub-error.ts';
import type { ApiKeyCaller } from './caller.ts';

/** What of a request decides whether a key may make it. */
interface LimitedRequest {
  config: Pick<FastifyContextConfig, 'scope' | 'limitsConnections'>;
  /** Of the address, which all routes of one connection call so. */
  id: string | undefined;
}

/**
 * Refuses what a key may not do. It is asked before anything is looked up, so that a key for certain connections does not
 * learn which others there are.
 *
 * @throws HubError `scope_missing`, `api_key_limited`
 */
export function refuseBeyondLimits(
  { scopes, connectionIds }: ApiKeyCaller,
  { config: { scope, limitsConnections }, id }: LimitedRequest,
): void {
  if (!scope) return;
  if (!scopes.has(scope)) {
    const detail = `This API key lacks the scope ${scope}.`;
    throw new HubError('scope_missing', { detail, missingScope: scope });
  }
  if (connectionIds === null || limitsConnections) return;
  if (id === undefined || !connectionIds.has(id)) throw new HubError('api_key_limited');
}
