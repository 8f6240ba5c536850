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

/** A memory that has looked up a token for a connection. */
async function remember(connectionId: string, token: ServedToken, memory = createTokenMemory()) {
  await memory.lookUp(connectionId, now, () => Promise.resolve(token));
  return memory;
}

it('recalls a token for a second after it was checked, and not before that, as after a clock set back', async () => {
  const token = tokenOf();
  const memory = await remember('a', token);
  expect(memory.recall('a', now - 1)).toBeUndefined();
  expect(memory.recall('a', now)).toBe(token);
  expect(memory.recall('a', now + 999)).toBe(token);
  expect(memory.recall('a', now + 1000)).toBeUndefined();
});

it('recalls no token that is to be judged anew', async () => {
  const token = tokenOf({ usableUntil: now + 10 });
  const memory = await remember('a', token);
  expect(memory.recall('a', now + 9)).toBe(token);
  expect(memory.recall('a', now + 10)).toBeUndefined();
});

it('knows the token of a version however long ago it was checked, and of no other version', async () => {
  const token = tokenOf({ version: 7 });
  const memory = await remember('a', token);
  expect(memory.known('a', 7)).toBe(token);
  expect(memory.known('a', 6)).toBeUndefined();
  expect(memory.known('a', 8)).toBeUndefined();
});

it('keeps connections apart, and forgets the one that it is told to', async () => {
  const other = tokenOf({ accessToken: 'other' });
  const memory = await remember('b', other, await remember('a', tokenOf({ accessToken: 'one' })));
  memory.forget('a');
  expect(memory.recall('a', now)).toBeUndefined();
  expect(memory.known('a', 1)).toBeUndefined();
  expect(memory.recall('b', now)).toBe(other);
});

/** Look-ups that end when the test says so. */
function holdLookUps() {
  const memory = createTokenMemory();
  const begun: PromiseWithResolvers<ServedToken>[] = [];
  const lookUp = (at: number, connectionId = 'a') =>
    memory.lookUp(connectionId, at, () => {
      const held = Promise.withResolvers<ServedToken>();
      begun.push(held);
      return held.promise;
    });
  return { memory, begun, lookUp };
}

it('looks a connection up once for all who ask within a second of its begin, each connection for itself', async () => {
  const { begun, lookUp } = holdLookUps();
  const asked = [lookUp(now), lookUp(now + 999)];
  expect(begun).toHaveLength(1);
  const late = [lookUp(now + 1000), lookUp(now, 'b')];
  expect(begun).toHaveLength(3);
  const tokens = begun.map((held, index) => {
    const token = tokenOf({ accessToken: `${index}` });
    held.resolve(token);
    return token;
  });
  expect(await Promise.all([...asked, ...late])).toEqual([tokens[0], tokens[0], tokens[1], tokens[2]]);
});

it('remembers a token as of the begin of its look-up: what it read may have changed right after that', async () => {
  const { memory, begun, lookUp } = holdLookUps();
  const asked = lookUp(now);
  begun[0]?.resolve(tokenOf());
  await asked;
  expect(memory.recall('a', now + 999)).toBeDefined();
  expect(memory.recall('a', now + 1000)).toBeUndefined();
});

it('neither shares nor remembers what was being looked up when the connection was forgotten', async () => {
  const { memory, begun, lookUp } = holdLookUps();
  const before = lookUp(now);
  memory.forget('a');
  const after = lookUp(now);
  expect(begun).toHaveLength(2);
  const [old, changed] = [tokenOf({ accessToken: 'old' }), tokenOf({ accessToken: 'changed' })];
  begun[1]?.resolve(changed);
  expect(await after).toBe(changed);
  begun[0]?.resolve(old);
  expect(await before).toBe(old);
  expect(memory.recall('a', now)).toBe(changed);
});

it('looks up again after a failure, which all who asked are told', async () => {
  const { begun, lookUp } = holdLookUps();
  const asked = [lookUp(now), lookUp(now)];
  begun[0]?.reject(new Error('disabled'));
  await expect(Promise.all(asked)).rejects.toThrow('disabled');
  void lookUp(now);
  expect(begun).toHaveLength(2);
});
