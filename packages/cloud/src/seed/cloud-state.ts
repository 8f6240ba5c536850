import type { Directory } from '../directory/open-directory.ts';
import type { Faults } from '../faults/create-faults.ts';
import type { SignInLog } from '../sign-in-log/create-sign-in-log.ts';
import { applySeed } from './apply-seed.ts';
import { exportSeed } from './export-seed.ts';
import type { Seed } from './seed-schema.ts';
import { clearState, restoreSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';

/** The whole state of a local cloud, to begin again from and to come back to. */
export interface CloudState {
  /** The present state as a seed; passwords and secrets as their hashes. */
  exportSeed(): Seed;
  /** Back to what the seed says (to Contoso, where there is none); faults and the sign-in log are cleared, too. */
  reset(): void;
  /** Remembers everything, sessions, tokens and the CRM's rows included, in memory. */
  takeSnapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}

export function createCloudState(
  {
    directory,
    faults,
    signIns,
  }: { directory: Directory; faults: Pick<Faults, 'clear'>; signIns: Pick<SignInLog, 'clear'> },
  seed: Seed,
): CloudState {
  return {
    exportSeed: () => exportSeed(directory),
    reset() {
      directory.replaceAll(() => {
        clearState(directory);
        applySeed(directory, seed);
      });
      faults.clear();
      signIns.clear();
    },
    takeSnapshot: () => takeSnapshot(directory),
    restore: (snapshot) => restoreSnapshot(directory, snapshot),
  };
}
