import { expect, it, onTestFinished, vi } from 'vitest';
import { parseWrappingKey } from '../config/read-wrapping-key.ts';
import { createTestHub } from '../testing/create-test-hub.ts';
import { openKeySource } from '../vault/key-source.ts';
import { serveKms } from '../vault/testing/serve-kms.ts';
import { generateVaultKey } from '../vault/vault-key.ts';

const everySecond = 1_000;

async function openHub() {
  const kms = await serveKms();
  onTestFinished(() => kms.close());
  for (const [name, value] of Object.entries(kms.environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const watching = new Set<() => void>();
  const hub = await createTestHub({
    config: { wrappingKey: parseWrappingKey(kms.keyArn) },
    startTimer(milliseconds, onEnd) {
      if (milliseconds === everySecond) watching.add(onEnd);
      return { refresh: () => undefined, [Symbol.dispose]: () => watching.delete(onEnd) };
    },
  });
  const { context, clock } = hub;
  return {
    kms,
    hub,
    watching,
    tick: () => {
      clock.advance(everySecond);
      for (const look of watching) look();
    },
    /** As a command does. */
    add: async () => {
      const source = await openKeySource({ ...context, mayMake: false });
      const key = generateVaultKey(context.random);
      await source.write?.([...source.keyring.all(), key]);
      return key;
    },
  };
}

it('a hub learns of a wrapped key before anybody asks it to open by it, until it ends', async () => {
  const { hub, watching, tick, add } = await openHub();
  const key = await add();
  tick();
  await vi.waitFor(() => expect(hub.context.vault.keyring.all()).toContainEqual(key));
  await hub.close();
  expect(watching.size).toBe(0);
});

it('a hub that can’t have a new key unwrapped says so in its log', async () => {
  const { kms, hub, tick, add } = await openHub();
  onTestFinished(() => hub.close());
  await add();
  kms.refusals.push({ type: 'AccessDeniedException', message: 'not you' });
  tick();
  await vi.waitFor(() =>
    expect(hub.logLines.filter((line) => line.includes('a new key can’t be unwrapped')).join('')).toContain(
      'AccessDeniedException: not you',
    ),
  );
  expect(hub.context.vault.keyring.all()).toHaveLength(1);
});
