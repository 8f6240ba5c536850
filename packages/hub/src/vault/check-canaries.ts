import { HubError } from '../errors/hub-error.ts';
import { type Random, systemRandom } from '../ground/random.ts';
import type { Store } from '../store/store.ts';
import { createVault } from './create-vault.ts';
import { fixedKeyring } from './keyring.ts';
import { sealedPlace } from './sealed-columns.ts';
import { VaultError } from './vault-error.ts';
import type { VaultKey } from './vault-key.ts';

/** A known text sealed with each key: wrong keys show at the start, not at the first connection that is used. */
export const canaryText = 'latchkey';

/** @returns the place that a key's canary is sealed for */
export function canaryPlace(keyId: string): string {
  return sealedPlace('vault_canaries', keyId, 'sealed_canary');
}

interface Canary {
  key_id: string;
  sealed_canary: string;
}

interface CheckParameters {
  store: Store;
  keys: readonly VaultKey[];
  random: Random;
}

/**
 * Proves that the keys are those of the database, and leaves a canary for each key that is new to it. A key of the
 * database that is not here any more is no failure as long as another one fits: only what it sealed can't be opened.
 *
 * @throws VaultError `keys_missing`, `keys_do_not_fit`
 */
export async function checkCanaries(
  { store, keys, random }: CheckParameters,
  canaries: readonly Canary[],
): Promise<void> {
  const sealedById = new Map(canaries.map((row) => [row.key_id, row.sealed_canary]));
  const fitting = keys.filter((key) => sealedById.has(key.id));
  if (canaries.length > 0 && fitting.length === 0) {
    throw new VaultError('keys_missing', listIds(canaries.map((row) => row.key_id)));
  }
  for (const key of keys) {
    const sealed = sealedById.get(key.id);
    if (sealed === undefined) await leaveCanary({ store, random }, key);
    else if (!opensCanary([key], { key_id: key.id, sealed_canary: sealed })) {
      throw new VaultError('keys_do_not_fit', `key "${key.id}"`);
    }
  }
}

/** @returns whether one of the keys is that which a canary was sealed with */
export function opensCanary(
  keys: readonly VaultKey[],
  { key_id: keyId, sealed_canary: sealed }: Canary,
): boolean {
  const vault = createVault(fixedKeyring(keys), systemRandom);
  return opens(() => vault.open(sealed, canaryPlace(keyId)));
}

/** Leaves the known text, sealed with a key, by which a start sees whether it has that key. */
export async function leaveCanary(
  { store, random }: { store: Store; random: Random },
  key: VaultKey,
): Promise<void> {
  const sealedCanary = createVault(fixedKeyring([key]), random).seal(canaryText, canaryPlace(key.id));
  await store.db
    .insertInto('vault_canaries')
    .values({ key_id: key.id, sealed_canary: sealedCanary })
    .onConflict((conflict) => conflict.column('key_id').doNothing())
    .execute();
}

function opens(open: () => string): boolean {
  try {
    return open() === canaryText;
  } catch (error) {
    if (error instanceof HubError && error.code === 'vault_unreadable') return false;
    throw error;
  }
}

function listIds(ids: readonly string[]): string {
  return ids.map((id) => `key "${id}"`).join(', ');
}
