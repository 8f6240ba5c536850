import {
  addKey,
  finishResealing,
  formatVaultKey,
  type KeyContext,
  type ListedKey,
  listKeys,
  loadConfig,
  openKeys,
  type RewrapOptions,
  retireKey,
  rewrapKeys,
  rotateKeys,
} from '@latchkey/hub';
import { environment } from '../config.ts';
import { bold, dim, writeLine } from '../terminal/write-line.ts';

async function withKeys(dataFolder: string, work: (context: KeyContext) => Promise<void>): Promise<void> {
  const context = await openKeys(loadConfig(environment, { dataFolder }));
  try {
    await work(context);
  } finally {
    await context.store.close();
  }
}

const roles: Readonly<Record<ListedKey['role'], string>> = {
  seals: 'seals and opens',
  opens: 'opens',
  missing: 'is not here',
};

/** Prints which keys there are, what each has sealed, and how far a rotation has come. */
export function printKeys(dataFolder: string): Promise<void> {
  return withKeys(dataFolder, async (context) => {
    const { place, keys, unknownValues, resealings } = await listKeys(context);
    writeLine(`${bold('Keys')}  ${dim(place)}`);
    for (const { id, role, values, wrappedBy } of keys) {
      const wrapping = wrappedBy === null ? '' : dim(`  wrapped by ${wrappedBy}`);
      writeLine(`  ${id}  ${roles[role].padEnd(roles.seals.length)}  ${values} values${wrapping}`);
    }
    const bare = keys.filter(({ role, wrappedBy }) => role !== 'missing' && wrappedBy === null);
    if (context.source.wraps && bare.length > 0) {
      writeLine(`  ${bare.length} stand there bare. Wrap them: latchkey keys wrap`);
    }
    if (unknownValues > 0) writeLine(`  ${unknownValues} values are of no key that the database has seen`);
    for (const row of resealings) {
      const state = row.finished_at === null ? 'under way' : 'done';
      const rest = row.unreadable === 0 ? '' : `, ${row.unreadable} can’t be opened`;
      writeLine(dim(`  ${row.table_name}: ${row.resealed} sealed anew with ${row.key_id}${rest}, ${state}`));
    }
  });
}

/** Makes a key that opens; where the keys are kept elsewhere, its entry is printed for whoever starts the hubs. */
export function makeKey(dataFolder: string): Promise<void> {
  return withKeys(dataFolder, async (context) => {
    const key = await addKey(context);
    if (context.source.write) {
      writeLine(
        `The key ${key.id} opens from now on. It seals once you say: latchkey keys rotate --to ${key.id}`,
      );
      return;
    }
    process.stderr.write(
      `A secret follows. Put it behind the others of ${context.source.place} and start the hubs again; then before them, and again.\n`,
    );
    writeLine(formatVaultKey(key));
  });
}

/** Lets a key seal, and all that is stored be sealed anew: by the hubs at work, or here where `now` says so. */
export function changeKey(
  dataFolder: string,
  { keyId, now }: { keyId: string | null; now: boolean },
  signal: AbortSignal,
): Promise<void> {
  return withKeys(dataFolder, async (context) => {
    if (context.source.wraps) {
      process.stderr.write('Hubs at work have the key unwrapped before it seals: this takes ten seconds.\n');
    }
    const id = await rotateKeys(context, keyId);
    writeLine(`The key ${id} seals from now on, the others go on to open.`);
    if (!now) {
      writeLine(
        'The hubs seal what is stored anew, or the next one that starts does. Follow it by: latchkey keys list',
      );
      return;
    }
    await finishResealing(context, signal);
    writeLine('What is stored is sealed anew. The old key can go: latchkey keys retire <id>');
  });
}

/** Lets a key go that nothing needs any more. */
export function removeKey(dataFolder: string, keyId: string): Promise<void> {
  return withKeys(dataFolder, async (context) => {
    const { damaged } = await retireKey(context, keyId);
    writeLine(`The key ${keyId} is gone. Backups from before still need it.`);
    if (!context.source.write) writeLine(`Take its entry out of ${context.source.place}, too.`);
    for (const place of damaged) writeLine(`  was damaged, and not to be opened with it either: ${place}`);
  });
}

/**
 * Wraps the keys of the key file by the configured wrapping key, or puts them there bare.
 *
 * @param from the address of the key that has wrapped them, where it is another than the configured one
 */
export async function changeWrapping(
  dataFolder: string,
  { to, from }: { to: RewrapOptions['to']; from: string | null },
): Promise<void> {
  const config = loadConfig(environment, { dataFolder });
  // Read as the setting is, with its proxy.
  const before =
    from === null ? null : loadConfig({ ...environment, LATCHKEY_WRAPPING_KEY: from }).wrappingKey;
  const { place, wrappedBy } = await rewrapKeys(config, { to, from: before });
  writeLine(`${bold('Keys')}  ${dim(place)}`);
  for (const [id, address] of wrappedBy)
    writeLine(`  ${id}  ${address === null ? 'bare' : `wrapped by ${address}`}`);
  writeLine(
    to === 'wrapped'
      ? 'The file opens nothing without that key from now on: keep it from being deleted. Copies of the bare file still open everything; latchkey keys rotate makes a key that never lay there bare.'
      : 'Whoever reads the file can open everything from now on. Take LATCHKEY_WRAPPING_KEY away from the hubs before they start again.',
  );
}
