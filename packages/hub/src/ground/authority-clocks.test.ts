import { expect, it, vi } from 'vitest';
import { createTestClock } from '../testing/test-clock.ts';
import { type ClockSkew, createAuthorityClocks } from './authority-clocks.ts';

const authority = 'https://login.example';
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

function open() {
  const clock = createTestClock();
  const onSkewed = vi.fn<(origin: string, skew: ClockSkew) => void>();
  const clocks = createAuthorityClocks(clock, onSkewed);
  /** An answer whose sender's clock is ahead by so much, and that took so long, half of it on the way there. */
  const answer = (ahead: number, took = 0, origin = authority) => {
    const sentAt = clock.now();
    const date = new Date(sentAt + took / 2 + ahead).toUTCString();
    clock.advance(took);
    clocks.observe(origin, { sentAt, receivedAt: clock.now(), date });
  };
  return { clock, clocks, answer, onSkewed };
}

it.each([0, 90 * second, -150 * second, 400 * 24 * hour])('measures a clock that is %i ms ahead', (ahead) => {
  const { clocks, answer } = open();
  answer(ahead, 200);
  const { skew, uncertainty } = clocks.skewOf(authority) ?? { skew: Number.NaN, uncertainty: Number.NaN };
  expect(uncertainty).toBe(600);
  expect(Math.abs(skew - ahead)).toBeLessThanOrEqual(uncertainty);
});

it('gets surer with each answer', () => {
  const { clock, clocks, answer } = open();
  for (const wait of [137, 411, 773, 290, 871, 53]) {
    answer(5 * second, 20);
    clock.advance(wait);
  }
  const { skew, uncertainty } = clocks.skewOf(authority) ?? { skew: 0, uncertainty: second };
  expect(uncertainty).toBeLessThan(200);
  expect(Math.abs(skew - 5 * second)).toBeLessThanOrEqual(uncertainty);
});

it('believes the newer answer where a clock was set in between', () => {
  const { clocks, answer } = open();
  answer(0);
  answer(-2 * hour);
  expect(clocks.skewOf(authority)).toEqual({ skew: -2 * hour + 500, uncertainty: 500 });
});

it('forgets within an hour, and sooner where the hub’s own clock was set back', () => {
  const { clock, clocks, answer } = open();
  answer(0);
  clock.advance(hour - 1);
  expect(clocks.skewOf(authority)).not.toBeNull();
  clock.advance(1);
  expect(clocks.skewOf(authority)).toBeNull();
  answer(0);
  clock.advance(-1);
  expect(clocks.skewOf(authority)).toBeNull();
});

it('knows each authority for itself', () => {
  const { clocks, answer } = open();
  answer(0);
  answer(hour, 0, 'https://other.example');
  expect(clocks.skewOf(authority)?.skew).toBe(500);
  expect(clocks.skewOf('https://other.example')?.skew).toBe(hour + 500);
});

it.each([undefined, '', 'yesterday'])('learns nothing from the date %j', (date) => {
  const { clock, clocks } = open();
  clocks.observe(authority, { sentAt: clock.now(), receivedAt: clock.now(), date });
  expect(clocks.skewOf(authority)).toBeNull();
});

it('learns nothing where the hub’s own clock was set back while it waited', () => {
  const { clock, clocks } = open();
  const date = new Date(clock.now()).toUTCString();
  clocks.observe(authority, { sentAt: clock.now(), receivedAt: clock.now() - 1, date });
  expect(clocks.skewOf(authority)).toBeNull();
});

it('tells once of a clock that is off by more than a minute, and again after it was right', () => {
  const { answer, onSkewed } = open();
  answer(minute);
  expect(onSkewed).not.toHaveBeenCalled();
  answer(minute + 2 * second);
  answer(minute + 2 * second);
  answer(-2 * minute);
  expect(onSkewed).toHaveBeenCalledTimes(1);
  expect(onSkewed).toHaveBeenCalledWith(authority, { skew: expect.any(Number), uncertainty: 500 });
  answer(0);
  answer(-2 * minute);
  expect(onSkewed).toHaveBeenCalledTimes(2);
});
