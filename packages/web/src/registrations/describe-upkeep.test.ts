import { describe, expect, it } from 'vitest';
import { describeEnd, describePolicy } from './describe-upkeep.ts';

describe('the end of a client secret', () => {
  it.each([
    ['none', 200, null],
    ['within_30_days', 29, 'The client secret ends in 29 days.'],
    ['within_7_days', 1, 'The client secret ends in 1 day.'],
    ['within_1_day', 0, 'The client secret ends within a day.'],
    ['ended', 0, 'The client secret has ended.'],
  ] as const)('%s with %d days left', (warning, daysLeft, sentence) => {
    expect(describeEnd({ warning, daysLeft })?.sentence ?? null).toBe(sentence);
  });
});

describe('who rotates it', () => {
  const rotation = {
    daysBeforeEnd: 30,
    graceHours: 24,
    state: 'idle',
    dueAt: null,
    lastRotatedAt: null,
    oldSecretUntil: null,
    nextTryAt: null,
    failure: null,
  } as const;

  it.each([
    ['by_hand', true, 'By hand'],
    ['automatic', true, 'By itself'],
    ['automatic', false, 'Not by itself: the application may not change its own secrets'],
    ['automatic', null, 'By itself, once the hub has seen that the application may'],
  ] as const)('%s, where the application may: %s', (policy, mayRotate, words) => {
    expect(describePolicy({ ...rotation, unusedInEntra: [], policy, mayRotate })).toBe(words);
  });
});
