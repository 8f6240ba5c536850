import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { isWrapped } from './kept-key.ts';
import { openKeySource } from './key-source.ts';
import { readKeyFile, versionOfKeyFile, writeKeyFile } from './read-key-file.ts';
import { away, createMemoryWrapper, someWrappingKey } from './testing/memory-wrapper.ts';
import type { VaultError } from './vault-error.ts';
import type { VaultKey } from './vault-key.ts';
import { wrapKey } from './wrapping/key-wrapper.ts';

const random = { bytes: (count: number) => randomBytes(count) };
const key = (id: string): VaultKey => ({ id, secret: randomBytes(32) });

async function openFile() {
  const dataFolder = makeTemporaryFolder();
  const wrapper = createMemoryWrapper();
  const clock = createTestClock();
  const problems: VaultError[] = [];
  const config = { keys: null, wrappingKey: null, dataFolder };
  const onProblem = (error: VaultError) => problems.push(error);
  const open = (mayMake = false) => openKeySource({ config, clock, random, mayMake, wrapper, onProblem });
  const source = await open(true);
  return {
    dataFolder,
    wrapper,
    clock,
    problems,
    source,
    open,
    openBare: () => openKeySource({ config, clock, random, mayMake: false }),
    old: source.keyring.sealing(),
    /** As another process does, which has the service. */
    add: async (added: VaultKey) => {
      const failure = wrapper.failure;
      wrapper.failure = null;
      const kept = [await wrapKey(wrapper, added), ...readKeyFile(dataFolder)];
      wrapper.failure = failure;
      wrapper.unwrapped.length = 0;
      writeKeyFile(dataFolder, kept, { random });
    },
  };
}

/** What was begun in the background. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a key file with a wrapping key', () => {
  it('is made wrapped, so that the key never lay there bare, and opened by asking once', async () => {
    const { dataFolder, old, open, wrapper, source } = await openFile();
    const text = readFileSync(path.join(dataFolder, 'vault.key'), 'utf8');
    expect(text).toMatch(new RegExp(`^${old.id} ${someWrappingKey}/[\\da-f]{32} [\\w-]+\\n$`));
    expect(text).not.toContain(old.secret.toString('base64'));
    wrapper.unwrapped.length = 0;
    const again = await open();
    expect(again.keyring.all()).toEqual([old]);
    for (let count = 0; count < 10; count += 1) again.keyring.sealing();
    expect(wrapper.unwrapped).toEqual([old.id]);
    expect([...source.wrappedBy()]).toEqual([[old.id, expect.stringContaining(someWrappingKey)]]);
  });

  it('is the one of whoever was first when two processes start at once', async () => {
    const { open, dataFolder, old } = await openFile();
    const [one, other] = await Promise.all([open(true), open(true)]);
    expect([one.keyring.all(), other.keyring.all()]).toEqual([[old], [old]]);
    expect(readKeyFile(dataFolder)).toHaveLength(1);
  });

  it('without the configured key is refused, and told by what it is wrapped', async () => {
    const { openBare, old } = await openFile();
    await expect(openBare()).rejects.toMatchObject({
      code: 'keys_wrapped',
      message: expect.stringContaining(`"${old.id}" by ${someWrappingKey}/`),
      remedy: expect.stringContaining('LATCHKEY_WRAPPING_KEY'),
    });
  });

  it('is not opened while the service is away, nor made then', async () => {
    const { open, wrapper } = await openFile();
    wrapper.failure = away();
    await expect(open()).rejects.toMatchObject({ code: 'wrapping_service_unavailable' });
    const dataFolder = makeTemporaryFolder();
    const config = { keys: null, wrappingKey: null, dataFolder };
    await expect(
      openKeySource({ config, clock: createTestClock(), random, mayMake: true, wrapper }),
    ).rejects.toMatchObject({ code: 'wrapping_service_unavailable' });
    expect(versionOfKeyFile(dataFolder)).toBeNull();
  });

  it('that is missing is told as that: no key is made for it, and nobody asked', async () => {
    const wrapper = createMemoryWrapper();
    wrapper.failure = away();
    const config = { keys: null, wrappingKey: null, dataFolder: makeTemporaryFolder() };
    await expect(
      openKeySource({ config, clock: createTestClock(), random, mayMake: false, wrapper }),
    ).rejects.toMatchObject({ code: 'keys_missing' });
  });

  it('may have bare keys from before, and wraps new ones only', async () => {
    const { dataFolder, open, old } = await openFile();
    writeKeyFile(dataFolder, [old], { random });
    const source = await open();
    const fresh = key('fresh');
    await source.write?.([fresh, old]);
    expect(readKeyFile(dataFolder).map((kept) => [kept.id, isWrapped(kept)])).toEqual([
      ['fresh', true],
      [old.id, false],
    ]);
    expect((await open()).keyring.all()).toEqual([fresh, old]);
  });

  it('keeps what is wrapped as it is, so that a key can go while the service is away', async () => {
    const { open, old, wrapper, dataFolder } = await openFile();
    const source = await open();
    await source.write?.([key('fresh'), old]);
    const [fresh] = readKeyFile(dataFolder);
    wrapper.failure = away();
    await source.write?.(source.keyring.all().filter(({ id }) => id === 'fresh'));
    expect(readKeyFile(dataFolder)).toEqual([fresh]);
  });

  it('that somebody changed meanwhile is not written over', async () => {
    const { open, old, add, dataFolder } = await openFile();
    const source = await open();
    const write = source.write?.([key('mine'), old]);
    // Between the reading and the writing, which waits for the service.
    await add(key('theirs'));
    await expect(write).rejects.toMatchObject({ code: 'key_file_changed' });
    expect(readKeyFile(dataFolder).map(({ id }) => id)).toEqual(['theirs', old.id]);
  });

  it('keeps a key that whoever writes has not been able to open', async () => {
    const { open, old, add, dataFolder, wrapper } = await openFile();
    const source = await open();
    wrapper.failure = away();
    await add(key('theirs'));
    await source.keyring.refresh();
    wrapper.failure = null;
    await source.write?.([key('mine'), old]);
    expect(readKeyFile(dataFolder).map(({ id }) => id)).toEqual(['mine', old.id, 'theirs']);
  });
});

describe('a hub at work, when a wrapped key is new in the file', () => {
  it('has it unwrapped in the background, once, and then seals by it', async () => {
    const { source, add, clock, wrapper, old } = await openFile();
    const fresh = key('fresh');
    await add(fresh);
    clock.advance(1_000);
    expect(source.keyring.sealing()).toEqual(old);
    await settle();
    expect(source.keyring.sealing()).toEqual(fresh);
    expect(source.keyring.find('fresh')).toEqual(fresh);
    expect(wrapper.unwrapped).toEqual(['fresh']);
  });

  it('does so when it meets the key, even within the second', async () => {
    const { source, add } = await openFile();
    const fresh = key('fresh');
    await add(fresh);
    expect(source.keyring.find('fresh')).toBeUndefined();
    await settle();
    expect(source.keyring.find('fresh')).toEqual(fresh);
  });

  it('learns of it while nobody asks, as long as it watches', async () => {
    const { source, add, clock } = await openFile();
    let tick = () => {};
    let refreshed = 0;
    let stopped = 0;
    source.keyring.watch((milliseconds, onEnd) => {
      expect(milliseconds).toBe(1_000);
      tick = onEnd;
      return { refresh: () => (refreshed += 1), [Symbol.dispose]: () => (stopped += 1) };
    });
    await add(key('fresh'));
    clock.advance(1_000);
    tick();
    await settle();
    expect(source.keyring.all().map(({ id }) => id)).toContain('fresh');
    expect(refreshed).toBe(1);
    source.keyring.close();
    expect(stopped).toBe(1);
  });

  it('goes on with the keys it has while the service is away, asks again every five seconds, and tells', async () => {
    const { source, add, clock, wrapper, problems, old } = await openFile();
    wrapper.failure = away();
    const fresh = key('fresh');
    await add(fresh);
    clock.advance(1_000);
    source.keyring.sealing();
    await settle();
    expect(source.keyring.sealing()).toEqual(old);
    expect(problems).toMatchObject([{ code: 'wrapping_service_unavailable' }]);
    clock.advance(4_999);
    source.keyring.sealing();
    await settle();
    expect(problems).toHaveLength(1);
    wrapper.failure = null;
    clock.advance(1_000);
    source.keyring.sealing();
    await settle();
    expect(source.keyring.sealing()).toEqual(fresh);
  });

  it('asks once at a time, however long the service takes', async () => {
    const { source, add, clock, wrapper } = await openFile();
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const unwrap = wrapper.unwrap.bind(wrapper);
    await add(key('fresh'));
    wrapper.unwrap = async (wrapped) => {
      asked.push(wrapped.id);
      await new Promise<void>((resolve) => answers.push(resolve));
      return unwrap(wrapped);
    };
    for (let seconds = 0; seconds < 10; seconds += 1) {
      clock.advance(1_000);
      source.keyring.sealing();
    }
    expect(asked).toEqual(['fresh']);
    for (const answer of answers) answer();
    await source.keyring.refresh();
    expect(source.keyring.all().map(({ id }) => id)).toContain('fresh');
  });

  it('goes on with the keys it has, though none of them is in the file any more', async () => {
    const { source, add, clock, wrapper, old, dataFolder } = await openFile();
    wrapper.failure = away();
    await add(key('fresh'));
    writeKeyFile(
      dataFolder,
      readKeyFile(dataFolder).filter(({ id }) => id === 'fresh'),
      { random },
    );
    clock.advance(1_000);
    expect(source.keyring.sealing()).toEqual(old);
    expect(source.keyring.all()).toEqual([old]);
  });

  it('asks nobody about a key that it has, by whatever that is wrapped now', async () => {
    const { source, clock, wrapper, old, dataFolder } = await openFile();
    const newer = wrapper.rotate();
    writeKeyFile(dataFolder, [await wrapKey(wrapper, old)], { random });
    wrapper.unwrapped.length = 0;
    wrapper.failure = away();
    clock.advance(1_000);
    expect(source.keyring.sealing()).toEqual(old);
    await settle();
    expect(wrapper.unwrapped).toEqual([]);
    expect([...source.wrappedBy().values()]).toEqual([newer]);
  });

  it('needs no watching where its keys are bare: it has them at the moment it meets them', async () => {
    const { openBare, dataFolder, old } = await openFile();
    writeKeyFile(dataFolder, [old], { random });
    const { keyring } = await openBare();
    let timers = 0;
    keyring.watch(() => {
      timers += 1;
      return { refresh: () => undefined, [Symbol.dispose]: () => undefined };
    });
    keyring.close();
    expect(timers).toBe(0);
    const fresh = key('fresh');
    writeKeyFile(dataFolder, [fresh, old], { random });
    expect(keyring.find('fresh')).toEqual(fresh);
  });

  it('keeps its bare keys when somebody wraps them, though it has no wrapping key', async () => {
    const { openBare, dataFolder, old, wrapper, clock } = await openFile();
    writeKeyFile(dataFolder, [old], { random });
    const hub = await openBare();
    writeKeyFile(dataFolder, [await wrapKey(wrapper, old)], { random });
    clock.advance(1_000);
    expect(hub.keyring.sealing()).toEqual(old);
    expect(hub.keyring.find('unknown')).toBeUndefined();
  });
});
