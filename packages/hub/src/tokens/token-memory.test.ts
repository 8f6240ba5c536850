import { expect, it } from 'vitest';
import { sampleState } from '../connections/testing/sample-state.ts';
import type { TokenState } from './read-token-state.ts';
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
    user: `${environmentUrl} user`,
    version: 1,
    usableUntil: now + 3_000_000,
    answer,
    answerText: JSON.stringify(answer),
    ...change,
  };
}

/** A memory that has looked at a connection and found a token. */
function remember(connectionId: string, token: ServedToken, memory = createTokenMemory()) {
  const look = memory.look(connectionId, now, () => Promise.resolve(sampleState()));
  memory.remember(connectionId, token, look);
  return memory;
}

it('recalls a token for a second after it was checked, and not before that, as after a clock set back', () => {
  const token = tokenOf();
  const memory = remember('a', token);
  expect(memory.recall('a', now - 1)).toBeUndefined();
  expect(memory.recall('a', now)).toBe(token);
  expect(memory.recall('a', now + 999)).toBe(token);
  expect(memory.recall('a', now + 1000)).toBeUndefined();
});

it('recalls no token that is to be judged anew', () => {
  const token = tokenOf({ usableUntil: now + 10 });
  const memory = remember('a', token);
  expect(memory.recall('a', now + 9)).toBe(token);
  expect(memory.recall('a', now + 10)).toBeUndefined();
});

it('knows the token of a version however long ago it was checked, and of no other version', () => {
  const token = tokenOf({ version: 7 });
  const memory = remember('a', token);
  expect(memory.known('a', 7)).toBe(token);
  expect(memory.known('a', 6)).toBeUndefined();
  expect(memory.known('a', 8)).toBeUndefined();
});

it('knows a token that was opened, but recalls it only once it was checked', () => {
  const memory = createTokenMemory();
  const token = tokenOf({ version: 7 });
  memory.keep('a', token);
  expect(memory.known('a', 7)).toBe(token);
  expect(memory.recall('a', now)).toBeUndefined();
});

it('keeps connections apart, and forgets the one that it is told to', () => {
  const other = tokenOf({ accessToken: 'other' });
  const memory = remember('b', other, remember('a', tokenOf({ accessToken: 'one' })));
  memory.forget('a');
  expect(memory.recall('a', now)).toBeUndefined();
  expect(memory.known('a', 1)).toBeUndefined();
  expect(memory.recall('b', now)).toBe(other);
});

/** Looks that end when the test says so. */
function holdLooks() {
  const memory = createTokenMemory();
  const begun: PromiseWithResolvers<TokenState>[] = [];
  const look = (at: number, connectionId = 'a') =>
    memory.look(connectionId, at, () => {
      const held = Promise.withResolvers<TokenState>();
      begun.push(held);
      return held.promise;
    });
  return { memory, begun, look };
}

it('looks at a connection once for all who come within a second of its begin, each connection for itself', () => {
  const { begun, look } = holdLooks();
  const first = look(now);
  expect(look(now + 999)).toBe(first);
  expect(begun).toHaveLength(1);
  expect(look(now + 1000)).not.toBe(first);
  expect(look(now, 'b')).not.toBe(first);
  expect(begun).toHaveLength(3);
});

it('looks again once the look has ended, by a failure, too', async () => {
  const { begun, look } = holdLooks();
  const first = look(now);
  begun[0]?.resolve(sampleState());
  await first.state;
  const second = look(now);
  begun[1]?.reject(new Error('away'));
  await expect(second.state).rejects.toThrow('away');
  look(now);
  expect(begun).toHaveLength(3);
});

it('remembers a token as of the begin of the look: what it read may have changed right after that', () => {
  const { memory, look } = holdLooks();
  memory.remember('a', tokenOf(), look(now));
  expect(memory.recall('a', now + 999)).toBeDefined();
  expect(memory.recall('a', now + 1000)).toBeUndefined();
});

it('neither shares nor remembers what was being read when the connection was forgotten', () => {
  const { memory, begun, look } = holdLooks();
  const before = look(now);
  memory.forget('a');
  const after = look(now);
  expect(begun).toHaveLength(2);
  const [old, changed] = [tokenOf({ accessToken: 'old' }), tokenOf({ accessToken: 'changed' })];
  memory.remember('a', changed, after);
  memory.remember('a', old, before);
  expect(memory.recall('a', now)).toBe(changed);
});

it('does not remember what was read before the connection was forgotten either, though the look had ended', async () => {
  const { memory, begun, look } = holdLooks();
  const before = look(now);
  begun[0]?.resolve(sampleState());
  await before.state;
  memory.forget('a');
  memory.remember('a', tokenOf(), before);
  expect(memory.recall('a', now)).toBeUndefined();
});

it('does not remember over what a newer look has found', () => {
  const { memory, look } = holdLooks();
  const [older, newer] = [look(now), look(now + 1000)];
  const token = tokenOf();
  memory.remember('a', token, newer);
  memory.remember('a', tokenOf(), older);
  expect(memory.recall('a', now + 1000)).toBe(token);
});
