import type { Clock } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { isWrapped, type KeptKey, type WrappedKey } from './kept-key.ts';
import { fixedKeyring, type Keyring } from './keyring.ts';
import { readKeyFile, versionOfKeyFile } from './read-key-file.ts';
import { VaultError } from './vault-error.ts';
import type { VaultKey } from './vault-key.ts';
import { type KeyWrapper, unwrapKey } from './wrapping/key-wrapper.ts';

/** A change of the file counts for what is sealed from then on. */
const trustedForMilliseconds = millisecondsPerSecond;
/** A service that did not unwrap a key is asked again no sooner. */
const askedAgainAfterMilliseconds = 5 * millisecondsPerSecond;

/** What a key file has at one moment. */
interface KeyFileContent {
  kept: readonly KeptKey[];
  version: string | null;
}

/** The keys of a key file, as it has them and as they are. */
export interface FileKeyring extends Keyring {
  /** What the file had when it was last looked at. */
  content(): KeyFileContent;
}

interface FileKeyringOptions {
  clock: Clock;
  /** What the file has, and its keys in the clear. */
  first: KeyFileContent & { keys: readonly VaultKey[] };
  /** Null where no wrapping key is configured. */
  wrapper: KeyWrapper | null;
  /** Is told when a key that is new in the file can't be unwrapped. */
  onProblem?: (error: VaultError) => void;
}

/**
 * The keys of the key file, which `latchkey keys` changes while hubs run. It is looked at before something is sealed, once
 * a second at most, and whenever a key is met that is not known yet; so that no hub is ever handed what it can't open. A
 * wrapped key takes asking its service: there the file is watched, and a rotation gives hubs the time for it.
 */
export function fileKeyring(
  dataFolder: string,
  { clock, first, wrapper, onProblem }: FileKeyringOptions,
): FileKeyring {
  let keys = fixedKeyring(first.keys);
  let content: KeyFileContent = { kept: first.kept, version: first.version };
  let lookedAt = clock.now();
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;
  let watching: Disposable | null = null;

  function look(): void {
    lookedAt = clock.now();
    const version = versionIfThere(dataFolder);
    if (version !== null && version !== content.version) {
      const kept = readIfUsable(dataFolder);
      if (kept !== null) {
        content = { kept, version };
        askedAt = Number.NEGATIVE_INFINITY;
        take([]);
      }
    }
    if (unopened().length > 0 && asking === null && clock.now() - askedAt >= askedAgainAfterMilliseconds) {
      asking = openRest().finally(() => {
        asking = null;
      });
    }
  }

  /** Those that wait for their service; a key that is known already is the same one, by whatever it is wrapped now. */
  function unopened(): WrappedKey[] {
    return wrapper === null
      ? []
      : content.kept.filter(isWrapped).filter(({ id }) => keys.find(id) === undefined);
  }

  function take(opened: readonly VaultKey[]): void {
    const usable = content.kept.flatMap((kept) =>
      isWrapped(kept) ? (keys.find(kept.id) ?? opened.find(({ id }) => id === kept.id) ?? []) : kept,
    );
    if (usable.length > 0) keys = fixedKeyring(usable);
  }

  async function openRest(): Promise<void> {
    askedAt = clock.now();
    for (const wrapped of unopened()) {
      try {
        if (wrapper) take([await unwrapKey(wrapper, wrapped)]);
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        onProblem?.(error);
      }
    }
  }

  return {
    sealing() {
      if (Math.abs(clock.now() - lookedAt) >= trustedForMilliseconds) look();
      return keys.sealing();
    },
    find(id) {
      const known = keys.find(id);
      if (known) return known;
      look();
      return keys.find(id);
    },
    all: () => keys.all(),
    content: () => content,
    async refresh() {
      look();
      await asking;
    },
    watch(startTimer) {
      if (wrapper === null) return;
      const timer = startTimer(trustedForMilliseconds, () => {
        look();
        timer.refresh();
      });
      watching = timer;
    },
    close: () => watching?.[Symbol.dispose](),
  };
}

function versionIfThere(dataFolder: string): string | null {
  return unlessUnusable(() => versionOfKeyFile(dataFolder));
}

/** A file that somebody damages while the hub runs takes no keys away from it: `latchkey doctor` and the next start tell. */
function readIfUsable(dataFolder: string): KeptKey[] | null {
  return unlessUnusable(() => readKeyFile(dataFolder));
}

function unlessUnusable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}
