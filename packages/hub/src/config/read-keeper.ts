import type { KeeperConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

const millisecondsPerHour = 60 * 60 * 1000;
const usualInUseHours = 6;
const usualIdleHours = 24;
const usualProofsPerMinute = 60;
const mostHours = 24 * 60;
const mostProofsPerMinute = 6000;

/** Reads what the keeper is told. @throws ConfigError for a variable that makes no sense */
export function readKeeper(read: (variable: string) => string | null): KeeperConfig {
  return {
    isOn: readSwitch(read('LATCHKEY_KEEPER')),
    proofs: {
      inUseMilliseconds: readHours('LATCHKEY_PROOF_HOURS', read, usualInUseHours),
      idleMilliseconds: readHours('LATCHKEY_IDLE_PROOF_HOURS', read, usualIdleHours),
      perEnvironmentMinute: readCount('LATCHKEY_PROOFS_PER_MINUTE', read, usualProofsPerMinute),
    },
  };
}

function readSwitch(text: string | null): boolean {
  if (text === null || text === 'on') return true;
  if (text === 'off') return false;
  throw new ConfigError('LATCHKEY_KEEPER', { problem: 'is neither on nor off', remedy: 'Write on or off.' });
}

/** 0 hours are never. */
function readHours(
  variable: string,
  read: (variable: string) => string | null,
  usual: number,
): number | null {
  const text = read(variable);
  if (text === null) return usual * millisecondsPerHour;
  const hours = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && hours <= mostHours)
    return hours === 0 ? null : hours * millisecondsPerHour;
  throw new ConfigError(variable, {
    problem: 'is no number of hours',
    remedy: `Write a number up to ${mostHours}; 0 for never.`,
  });
}

function readCount(variable: string, read: (variable: string) => string | null, usual: number): number {
  const text = read(variable);
  if (text === null) return usual;
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= mostProofsPerMinute) return count;
  throw new ConfigError(variable, {
    problem: 'is no whole number that fits',
    remedy: `Write a number from 1 to ${mostProofsPerMinute}.`,
  });
}
