import { expect, it } from 'vitest';
import { createTokenMemory, type ServedToken } from './token-memory.ts';

const now = 1_000_000;

function tokenOf(change: Partial<ServedToken> = {}): ServedToken {
  const accessToken = 'token';
  const environmentUrl = 'https://contoso.crm4.dynamics.com';
  const answer = { accessToken, tokenType: 'Bearer', expiresAt: '', environmentUrl } as const;
  return {
    accessToken,
    expiresAt: now + 3_600_000,
    environmentUrl,
    requestTimeoutSeconds: 20,
    version: 1,
    usableUntil: now + 3_000_000,
    answer,
    answerText: JSON.stringify(answer),
    ...change,
  };
}

it('recalls a token for a second after it was checked, and not before that, as after a clock set back', () => {
  const memory = createTokenMemory();
  const token = tokenOf();
  memory.remember('a', token, now);
  expect(memory.recall('a', now - 1)).toBeUndefined();
  expect(memory.recall('a', now)).toBe(token);
  expect(memory.recall('a', now + 999)).toBe(token);
  expect(memory.recall('a', now + 1000)).toBeUndefined();
});

it('recalls no token that is to be judged anew', () => {
  const memory = createTokenMemory();
  const token = tokenOf({ usableUntil: now + 10 });
  memory.remember('a', token, now);
  expect(memory.recall('a', now + 9)).toBe(token);
  expect(memory.recall('a', now + 10)).toBeUndefined();
});

it('knows the token of a version however long ago it was checked, and of no other version', () => {
  const memory = createTokenMemory();
  const token = tokenOf({ version: 7 });
  memory.remember('a', token, now);
  expect(memory.known('a', 7)).toBe(token);
  expect(memory.known('a', 6)).toBeUndefined();
  expect(memory.known('a', 8)).toBeUndefined();
});

it('keeps connections apart, and forgets the one that it is told to', () => {
  const memory = createTokenMemory();
  const [one, other] = [tokenOf({ accessToken: 'one' }), tokenOf({ accessToken: 'other' })];
  memory.remember('a', one, now);
  memory.remember('b', other, now);
  memory.forget('a');
  expect(memory.recall('a', now)).toBeUndefined();
  expect(memory.known('a', 1)).toBeUndefined();
  expect(memory.recall('b', now)).toBe(other);
});
