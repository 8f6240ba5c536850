import { fetchJsonOnLoopback, isOnLoopback } from './fetch-json-on-loopback.ts';
import { type IssuerKeys, readKeySet } from './issuer-keys.ts';

/**
 * Fetches the keys of an issuer on this machine by its discovery document (OpenID Connect Discovery §4). Issuers
 * elsewhere are not asked: no request leaves the machine.
 */
export async function fetchIssuerKeys(issuer: string): Promise<IssuerKeys> {
  const address = URL.parse(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!address || !isOnLoopback(address)) {
    return notFound('is not on this machine, and the seed hands in no keys of it (federatedIssuers)');
  }
  const discovery = await fetchJsonOnLoopback(address);
  if (!discovery.fetched) return notFound(discovery.reason);
  const { issuer: named, jwks_uri: keysAddress } = discovery.json;
  // OpenID Connect Discovery §4.3: otherwise anybody could speak for another issuer.
  if (named !== issuer) return notFound('names another issuer in its openid-configuration');
  const keysUrl = typeof keysAddress === 'string' ? URL.parse(keysAddress) : null;
  if (!keysUrl) return notFound('names no jwks_uri in its openid-configuration');
  const keySet = await fetchJsonOnLoopback(keysUrl);
  if (!keySet.fetched) return notFound(`has a jwks_uri that ${keySet.reason}`);
  const { keys } = keySet.json;
  if (!Array.isArray(keys)) return notFound('has a jwks_uri that is no key set');
  return { found: true, keys: readKeySet({ keys }) };
}

function notFound(reason: string): IssuerKeys {
  return { found: false, reason };
}
