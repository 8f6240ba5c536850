import { expect, it } from 'vitest';
import { decideRetry, readRetryWish } from './decide-retry.ts';

type AnsweredCall = Parameters<typeof decideRetry>[0];

const throttled: AnsweredCall = {
  method: 'GET',
  wish: 'safe',
  isReplayable: true,
  tries: 1,
  status: 429,
  retryAfterMilliseconds: 7000,
  patienceMilliseconds: 60_000,
};

it.each<[string, Partial<AnsweredCall>, number | null]>([
  ['a read that was throttled, exactly when the answer says', {}, 7000],
  ['HEAD alike', { method: 'HEAD' }, 7000],
  ['OPTIONS alike', { method: 'OPTIONS' }, 7000],
  ['one that was refused by 503 alike', { status: 503 }, 7000],
  ['at once where the answer says so', { retryAfterMilliseconds: 0 }, 0],
  ['after a second where it does not say', { retryAfterMilliseconds: null }, 1000],
  ['then after two', { retryAfterMilliseconds: null, tries: 2 }, 2000],
  ['then after four', { retryAfterMilliseconds: null, tries: 3 }, 4000],
  ['no fifth time', { tries: 4 }, null],
  ['at the end of the caller’s patience', { patienceMilliseconds: 7000 }, 7000],
  ['not after it', { patienceMilliseconds: 6999 }, null],
  ['no change', { method: 'POST' }, null],
  ['no deletion', { method: 'DELETE' }, null],
  ['no PUT and no PATCH', { method: 'PATCH' }, null],
  ['a change, when the caller asks for it', { method: 'POST', wish: 'always' }, 7000],
  ['no change whose body is gone', { method: 'POST', wish: 'always', isReplayable: false }, null],
  ['no read, when the caller asks for that', { wish: 'never' }, null],
  ['nothing that a gateway gave up', { status: 504 }, null],
  ['nothing that a gateway did not understand', { status: 502 }, null],
  ['nothing that failed', { status: 500 }, null],
])('makes again %s', (_what, change, milliseconds) => {
  expect(decideRetry({ ...throttled, ...change })).toBe(milliseconds);
});

it.each([
  [undefined, 'safe'],
  ['safe', 'safe'],
  ['always', 'always'],
  ['never', 'never'],
  ['sometimes', null],
  ['', null],
])('understands %s as %s', (value, wish) => {
  expect(readRetryWish(value)).toBe(wish);
});
