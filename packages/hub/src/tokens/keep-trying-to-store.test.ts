import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { keepTryingToStore } from './keep-trying-to-store.ts';

const log = pino({ level: 'silent' });
const away = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

it('stores once the database is back, and waits ever longer for it', async () => {
  const waits: number[] = [];
  const sleep = async (milliseconds: number) => void waits.push(milliseconds);
  const store = vi.fn<() => Promise<string>>(async () => {
    if (waits.length < 7) throw away();
    return 'stored';
  });
  expect(await keepTryingToStore({ sleep, log }, 'connection-1', store)).toBe('stored');
  expect(waits).toEqual([50, 100, 200, 400, 500, 500, 500]);
});

it('gives up a database that stays away for a minute', async () => {
  let waited = 0;
  const sleep = async (milliseconds: number) => {
    waited += milliseconds;
  };
  const store = () => Promise.reject(away());
  await expect(keepTryingToStore({ sleep, log }, 'connection-1', store)).rejects.toThrow('ECONNREFUSED');
  expect(waited).toBeGreaterThanOrEqual(60_000);
  expect(waited).toBeLessThanOrEqual(61_000);
});

it('does not repeat what fails for another reason', async () => {
  const sleep = vi.fn<() => Promise<void>>(async () => undefined);
  const store = vi.fn<() => Promise<never>>(() => Promise.reject(new TypeError('A mistake of ours.')));
  await expect(keepTryingToStore({ sleep, log }, 'connection-1', store)).rejects.toThrow(TypeError);
  expect(store).toHaveBeenCalledTimes(1);
  expect(sleep).not.toHaveBeenCalled();
});
