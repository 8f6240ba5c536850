import { scheduleWork } from '../due-work/schedule-work.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { leaveCanary } from '../vault/check-canaries.ts';
import { sealedTables } from '../vault/sealed-columns.ts';
import { VaultError } from '../vault/vault-error.ts';
import { generateVaultKey, type VaultKey } from '../vault/vault-key.ts';
import type { KeyContext } from './key-context.ts';
import { createResealHandler, resealKind } from './reseal-table.ts';

/** Within a second every hub seals with the new key; what one was about to store then is stored. */
const beginsAfterMilliseconds = 5 * millisecondsPerSecond;
/** Hubs at work look at the key file once a second, and have the service unwrap what is new in it. */
const unwrappedWithinMilliseconds = 10 * millisecondsPerSecond;

/**
 * Makes a key that opens, and seals nothing yet.
 *
 * @returns the key; where the keys are kept elsewhere it is for whoever starts the hubs
 */
export async function addKey(context: KeyContext): Promise<VaultKey> {
  const { source, random } = context;
  const key = generateVaultKey(random);
  await leaveCanary(context, key);
  await source.write?.([...source.keyring.all(), key]);
  return key;
}

/**
 * Lets a key seal from now on, and has everything stored sealed anew with it by the hubs at work, or by the next one that
 * starts. Each value is replaced in one step, and the old keys go on to open, so nothing is unreadable at any moment.
 *
 * @param keyId a key that is here; null makes a new one. Where the keys are kept elsewhere, the first of them
 * @returns the key's id
 * @throws VaultError `key_unknown`, `keys_kept_elsewhere`
 */
export async function rotateKeys(context: KeyContext, keyId: string | null): Promise<string> {
  const { source } = context;
  const sealing = source.write
    ? await letSeal(context, keyId, source.write)
    : sealingElsewhere(context, keyId);
  await scheduleResealing(context, sealing);
  return sealing;
}

async function letSeal(
  context: KeyContext,
  keyId: string | null,
  write: NonNullable<KeyContext['source']['write']>,
): Promise<string> {
  const { keyring } = context.source;
  const key = keyId === null ? generateVaultKey(context.random) : keyring.find(keyId);
  if (!key) throw new VaultError('key_unknown', `"${keyId}"`);
  await leaveCanary(context, key);
  await letHubsLearn(context, key, write);
  await write([key, ...keyring.all().filter(({ id }) => id !== key.id)]);
  return key.id;
}

/** Where a key takes unwrapping, it opens everywhere before it seals anywhere. */
async function letHubsLearn(
  { source: { keyring, wraps }, sleep }: KeyContext,
  key: VaultKey,
  write: NonNullable<KeyContext['source']['write']>,
): Promise<void> {
  if (!wraps) return;
  if (!keyring.find(key.id)) await write([...keyring.all(), key]);
  await sleep(unwrappedWithinMilliseconds);
  await keyring.refresh();
}

function sealingElsewhere({ source }: KeyContext, keyId: string | null): string {
  const { id } = source.keyring.sealing();
  if (keyId === null || keyId === id) return id;
  throw new VaultError('keys_kept_elsewhere', `"${id}" seals, the first of ${source.place}`);
}

async function scheduleResealing({ store, clock }: KeyContext, keyId: string): Promise<void> {
  const begun = {
    key_id: keyId,
    done_up_to: '',
    resealed: 0,
    unreadable: 0,
    started_at: clock.now(),
    finished_at: null,
  };
  const dueAt = clock.now() + beginsAfterMilliseconds;
  await inTransaction(store, async (db) => {
    for (const table of sealedTables) {
      await db
        .insertInto('resealings')
        .values({ table_name: table, ...begun })
        .onConflict((conflict) => conflict.column('table_name').doUpdateSet(begun))
        .execute();
      await scheduleWork(db, { kind: resealKind, subjectId: table, dueAt });
    }
  });
}

/** Does the work of a rotation here and now, beside the hubs that may be at it, too. */
export async function finishResealing(context: KeyContext, signal: AbortSignal): Promise<void> {
  const handler = createResealHandler(context);
  for (const table of sealedTables) {
    let next: number | null = 0;
    while (next !== null && !signal.aborted) next = await handler.run(table, signal);
  }
}
