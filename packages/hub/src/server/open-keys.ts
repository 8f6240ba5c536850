import { type Logger, pino } from 'pino';
import type { HubConfig } from '../config/config.ts';
import { systemClock, systemSleep } from '../ground/clock.ts';
import { createLog } from '../ground/create-log.ts';
import { systemRandom } from '../ground/random.ts';
import type { KeyContext } from '../key-rotation/key-context.ts';
import { openStore } from '../store/open-store.ts';
import { checkCanaries } from '../vault/check-canaries.ts';
import { createVault } from '../vault/create-vault.ts';
import { openKeySource } from '../vault/key-source.ts';

const standardError = 2;

/**
 * Opens a hub's database and keys for a command, whether hubs are at work on them or not.
 *
 * @throws StoreError, VaultError, ConfigError: each a clear sentence with the way out; nothing stays open then
 */
export async function openKeys(config: HubConfig, log: Logger = logOf(config)): Promise<KeyContext> {
  const common = { clock: systemClock, random: systemRandom, sleep: systemSleep };
  const store = await openStore({ config, ...common });
  try {
    const canaries = await store.db.selectFrom('vault_canaries').selectAll().execute();
    const source = await openKeySource({ config, ...common, mayMake: canaries.length === 0 });
    await checkCanaries({ store, keys: source.keyring.all(), random: systemRandom }, canaries);
    return { ...common, store, source, vault: createVault(source.keyring, systemRandom), log };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function logOf(config: HubConfig): Logger {
  return createLog(config, pino.destination({ dest: standardError, sync: true }));
}
