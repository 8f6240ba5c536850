import { guidPattern } from '@latchkey/microsoft';
import { findFederatedIssuer } from '../../directory/federated-issuers.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { tokenIssuers } from '../../jwt/token-issuers.ts';
import { fetchIssuerKeys } from './fetch-issuer-keys.ts';
import { type IssuerKey, type IssuerKeys, keysNamed, readKeySet } from './issuer-keys.ts';

/** Finds an issuer's keys; those that are fetched are kept, unless the wanted one (`kid`) is not among them. */
export type FindIssuerKeys = (issuer: string, kid: unknown) => Promise<IssuerKeys>;

type KeyContext = Pick<TokenContext, 'directory' | 'signingKeys' | 'addresses' | 'clock'>;

const keptMilliseconds = 3_600_000;
const tenantId = new RegExp(`/(${guidPattern})(?:/|$)`);

/** Makes a memory for the keys of issuers: this cloud's own tenants, those of the seed, those on this machine. */
export function rememberIssuerKeys(context: KeyContext): FindIssuerKeys {
  const kept = new Map<string, { keys: readonly IssuerKey[]; fetchedAt: number }>();
  context.directory.onReplaced(() => kept.clear());
  return async (issuer, kid) => {
    const known = ownKeys(context, issuer) ?? seededKeys(context, issuer);
    if (known) return { found: true, keys: known };
    const before = kept.get(issuer);
    const now = context.clock.now();
    if (before && before.fetchedAt + keptMilliseconds > now && keysNamed(before.keys, kid).length > 0) {
      return { found: true, keys: before.keys };
    }
    const fetched = await fetchIssuerKeys(issuer);
    if (fetched.found) kept.set(issuer, { keys: fetched.keys, fetchedAt: now });
    return fetched;
  };
}

/** Tokens of this very cloud, as a managed identity or another app brings them. */
function ownKeys({ addresses, signingKeys }: KeyContext, issuer: string): IssuerKey[] | undefined {
  const [, tenant] = tenantId.exec(issuer) ?? [];
  if (tenant === undefined || !tokenIssuers(addresses.entra, tenant).includes(issuer)) return undefined;
  return signingKeys.all.map(({ kid, publicKey }) => ({ kid, publicKey }));
}

function seededKeys({ directory }: KeyContext, issuer: string): IssuerKey[] | undefined {
  const seeded = findFederatedIssuer(directory, issuer);
  return seeded && readKeySet(seeded.jwks);
}
