import { endOfPause } from '../ground/bounded-times.ts';
import type { Clock } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { type CallLeases, leaseMilliseconds } from './call-leases.ts';
import type { ShareWork } from './share-work.ts';

/** The hub processes that pass calls on, as this one knows of them. */
export interface CallPresence {
  /** How many there are; null until that is known. */
  processes(): number | null;
  /** Whether that, and what this process has leased, still holds. After a pause others may have taken it for gone. */
  isCurrent(): boolean;
  /** Whether the others have noticed this process, and have leased what they run. */
  isNoticed(): boolean;
  /** To be called with each call: with the first one the process is there. */
  appear(): void;
  /** Says that it is there still, and finds out who else is. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** What goes with the presence of a process. */
interface Attendant {
  /** Renews what this process has leased. */
  renewLeases(): Promise<void>;
  /** Told when it is known anew how many there are. */
  onRenewed(): Promise<void>;
  /** Told when this process is there no more, and has nothing leased. */
  onLeft(): void;
  /** Whether calls run or wait. */
  isBusy(): boolean;
}

const renewMilliseconds = 2 * millisecondsPerSecond;
/** By then the others have renewed, too. */
const noticedMilliseconds = renewMilliseconds + millisecondsPerSecond / 2;
const renewalsBetweenCleanings = 150;
/** After a minute without a call a process leaves, so that a hub at rest writes nothing. */
const renewalsUntilIdle = 30;

/** @returns the presence of this process: none until its first call */
export function createCallPresence(
  { clock }: { clock: Clock },
  leases: CallLeases,
  work: ShareWork,
  attendant: Attendant,
): CallPresence {
  let processes: number | null = null;
  let validUntil = 0;
  let noticedFrom = 0;
  let isPresent = false;
  let renewals = 0;
  let renewalsWithoutCall = 0;

  function isCurrent(): boolean {
    const now = clock.now();
    return now < endOfPause(validUntil, now, leaseMilliseconds);
  }

  async function renew(): Promise<void> {
    const startedAt = clock.now();
    // As good as new is who was not there for so long that others may have taken it for gone.
    const isNew = !isCurrent();
    const count = await leases.renewPresence();
    await attendant.renewLeases();
    if (isNew && count > 1) noticedFrom = startedAt + noticedMilliseconds;
    processes = Math.max(1, count);
    validUntil = startedAt + leaseMilliseconds;
    await attendant.onRenewed();
    if (renewals % renewalsBetweenCleanings === 0) await leases.removeForgotten();
    renewals += 1;
  }

  function keepRenewing(): void {
    work.start(async () => {
      try {
        renewalsWithoutCall = attendant.isBusy() ? 0 : renewalsWithoutCall + 1;
        if (renewalsWithoutCall > renewalsUntilIdle) await leave();
        else await renew();
      } finally {
        if (isPresent) work.later(renewMilliseconds, keepRenewing);
      }
    });
  }

  /** The next call begins anew. */
  async function leave(): Promise<void> {
    await leases.leave();
    // A call has come meanwhile.
    if (renewalsWithoutCall === 0) return renew();
    isPresent = false;
    processes = null;
    attendant.onLeft();
  }

  return {
    processes: () => processes,
    isCurrent,
    isNoticed() {
      const now = clock.now();
      return now >= endOfPause(noticedFrom, now, noticedMilliseconds);
    },
    appear() {
      renewalsWithoutCall = 0;
      if (isPresent) return;
      isPresent = true;
      keepRenewing();
    },
    renew,
    async close() {
      if (isPresent) await leases.leave();
    },
  };
}
