import { existsSync } from 'node:fs';
import type { HubConfig } from '../config/config.ts';
import type { Clock } from '../ground/clock.ts';
import { systemRandom } from '../ground/random.ts';
import { findOwnTables } from '../store/own-tables.ts';
import type { Store } from '../store/store.ts';
import { opensCanary } from '../vault/check-canaries.ts';
import { type KeySource, openKeySource } from '../vault/key-source.ts';
import { keyFileOf } from '../vault/read-key-file.ts';
import { type Finding, failing, findingOf, fine, warning } from './finding.ts';

const name = 'keys';

/** Looks whether the keys are here and open what the database has sealed with them. */
export async function examineKeys(config: HubConfig, store: Store | null, clock: Clock): Promise<Finding[]> {
  const canaries = await readCanaries(store);
  if (canaries.length === 0 && config.keys === null && !existsSync(keyFileOf(config.dataFolder))) {
    return [
      warning(
        name,
        'There are none yet.',
        'The first start makes them: back the key file up, apart from the database.',
      ),
    ];
  }
  try {
    const source = await openKeySource({ config, clock, random: systemRandom, mayMake: false });
    const { place, keyring } = source;
    const here = canaries.filter(({ key_id: id }) => keyring.find(id) !== undefined);
    const wrong = here.find((canary) => !opensCanary(keyring.all(), canary));
    if (wrong) {
      return [
        failing(
          name,
          `The key "${wrong.key_id}" of ${place} is another one than the database was sealed with.`,
          'Use the database and the keys of the same installation or backup.',
        ),
      ];
    }
    const missing = canaries.filter((canary) => !here.includes(canary)).map((canary) => `"${canary.key_id}"`);
    if (missing.length === 0) return [examineWrapping(source)];
    const detail = `The database has seen keys that are not in ${place}: ${missing.join(', ')}.`;
    if (here.length === 0) {
      return [failing(name, detail, 'Put the key back: without it the stored secrets are lost.')];
    }
    return [
      warning(name, detail, 'Put them back, or see by latchkey keys list whether anything still needs them.'),
    ];
  } catch (error) {
    return [findingOf(name, error)];
  }
}

/** The keys are here and the right ones; whether they are kept as the configuration says. */
function examineWrapping({ place, keyring, wraps, wrappedBy }: KeySource): Finding {
  const count = keyring.all().length;
  const addresses = new Set(wrappedBy().values());
  const wrapping = addresses.size === 0 ? '' : `, wrapped by ${[...addresses].join(' and ')}`;
  const detail = `${count} in ${place}${wrapping}; they open the database.`;
  const bare = count - wrappedBy().size;
  if (!wraps || bare === 0) return fine(name, detail);
  return warning(
    name,
    `${detail} ${bare} stand there bare, though LATCHKEY_WRAPPING_KEY is set.`,
    'Wrap them: latchkey keys wrap.',
  );
}

async function readCanaries(store: Store | null): Promise<{ key_id: string; sealed_canary: string }[]> {
  if (!store) return [];
  const tables = await findOwnTables(store.db);
  if (!tables.some((table) => table.name === 'vault_canaries')) return [];
  return store.db.selectFrom('vault_canaries').selectAll().execute();
}
