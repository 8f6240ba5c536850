import type { Keeper } from '@latchkey/client';
import type { Tone } from '../facts/tone-badge.tsx';

/** What is due waits for its turn while there is much of it; from here on somebody should look. */
const behindAfterSeconds = 300;

/** Whether connections are kept working, at a glance. */
interface KeepingVerdict {
  tone: Tone;
  word: string;
  /** One sentence: why, and what to do about it. */
  reason: string;
}

/** @returns how the keeper stands: somebody has to keep, and what is due has to be done */
export function judgeKeeping({ kinds, processes }: Pick<Keeper, 'kinds' | 'processes'>): KeepingVerdict {
  const keeping = processes.filter(({ isOn, isSilent }) => isOn && !isSilent);
  if (keeping.length === 0)
    return {
      tone: 'danger',
      word: 'Nobody keeps',
      reason:
        'No hub process does what falls due: grants end unused in time. Start one with LATCHKEY_KEEPER on.',
    };
  const overdue = Math.max(0, ...kinds.map(({ overdueSeconds }) => overdueSeconds));
  if (overdue >= behindAfterSeconds)
    return {
      tone: 'warning',
      word: 'Behind',
      reason: `What has been due longest waits for ${describeWait(overdue)}. Start more processes, or look into the log for what holds these up.`,
    };
  return { tone: 'success', word: 'Keeping', reason: 'What falls due is done in time.' };
}

/** @returns some seconds as a person says them, in the largest unit that fits */
export function describeWait(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
