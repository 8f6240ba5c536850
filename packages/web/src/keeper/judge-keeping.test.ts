import type { Keeper } from '@latchkey/client';
import { describe, expect, it } from 'vitest';
import { describeWait, judgeKeeping } from './judge-keeping.ts';

const at = '2026-12-01T09:00:00.000Z';
const process = (isOn: boolean, isSilent: boolean): Keeper['processes'][number] => ({
  id: 'p',
  name: 'host 1',
  isOn,
  isSilent,
  startedAt: at,
  lastSeenAt: at,
  underWay: 0,
  runs: 0,
  failures: 0,
});
const kind = (overdueSeconds: number): Keeper['kinds'][number] => ({
  kind: 'connection',
  title: 'Connections',
  due: 1,
  underWay: 0,
  dueSince: at,
  overdueSeconds,
  dueWithinAnHour: 0,
  runs: 0,
  failures: 0,
  lastRunAt: null,
});

describe('how the keeper stands', () => {
  it.each([
    ['no process reports', [], 'Nobody keeps'],
    ['the only keeper is switched off', [process(false, false)], 'Nobody keeps'],
    ['the only keeper is silent', [process(true, true), process(false, false)], 'Nobody keeps'],
    ['one of several keeps', [process(false, false), process(true, false)], 'Keeping'],
  ])('where %s', (_case, processes, word) => {
    expect(judgeKeeping({ kinds: [], processes }).word).toBe(word);
  });

  it.each([
    [0, 'Keeping'],
    [299, 'Keeping'],
    [300, 'Behind'],
  ])('where what is due longest has waited %i s', (overdue, word) => {
    const verdict = judgeKeeping({ kinds: [kind(overdue), kind(0)], processes: [process(true, false)] });
    expect(verdict.word).toBe(word);
  });

  it('says how long it has waited', () => {
    const { reason } = judgeKeeping({ kinds: [kind(7300)], processes: [process(true, false)] });
    expect(reason).toContain('waits for 2 hours.');
  });
});

it.each([
  [1, '1 second'],
  [59, '59 seconds'],
  [60, '1 minute'],
  [3599, '59 minutes'],
  [86_400, '1 day'],
])('says %i seconds as %s', (seconds, words) => {
  expect(describeWait(seconds)).toBe(words);
});
