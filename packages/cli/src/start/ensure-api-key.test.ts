import { chmod, mkdir, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { apiKeyFile, readApiKey, writeApiKey } from '../hub-access.ts';
import { ensureApiKey } from './ensure-api-key.ts';

// Still the real file system, but for what a test lets fail.
vi.mock('node:fs/promises', { spy: true });

async function makeDataFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-key-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

function hubThatAccepts(...keys: string[]) {
  return {
    acceptsApiKey: async (key: string) => keys.includes(key),
    createApiKey: vi.fn<() => Promise<{ key: string }>>(async () => ({ key: 'lk_new' })),
  };
}

it('makes a key for a folder that has none', async () => {
  const folder = await makeDataFolder();
  expect(await ensureApiKey(hubThatAccepts(), folder)).toBe('lk_new');
  expect(await readApiKey(folder)).toBe('lk_new');
});

it('keeps the key that the hub accepts', async () => {
  const folder = await makeDataFolder();
  await writeApiKey(folder, async () => 'lk_old');
  expect(await ensureApiKey(hubThatAccepts('lk_old'), folder)).toBe('lk_old');
  expect(await readApiKey(folder)).toBe('lk_old');
});

it('replaces a key that another database knew, so that a start after a moved-away database works', async () => {
  const folder = await makeDataFolder();
  await writeApiKey(folder, async () => 'lk_of_the_damaged_database');
  expect(await ensureApiKey(hubThatAccepts(), folder)).toBe('lk_new');
  expect(await readApiKey(folder)).toBe('lk_new');
});

it('takes the place of a key file that others could read', async () => {
  const folder = await makeDataFolder();
  await writeFile(apiKeyFile(folder), 'lk_old\n');
  await chmod(apiKeyFile(folder), 0o644);
  await ensureApiKey(hubThatAccepts(), folder);
  expect((await stat(apiKeyFile(folder))).mode & 0o777).toBe(0o600);
});

it('says what to do about a key file that can’t be read', async () => {
  const folder = await makeDataFolder();
  await mkdir(apiKeyFile(folder));
  await expect(ensureApiKey(hubThatAccepts(), folder)).rejects.toMatchObject({
    message: expect.stringContaining(apiKeyFile(folder)),
    remedy: expect.stringMatching(/readable.*--data.*LATCHKEY_API_KEY/),
  });
});

it('makes the folder where a hub keeps its data elsewhere', async () => {
  const folder = path.join(await makeDataFolder(), 'deep', 'data');
  await ensureApiKey(hubThatAccepts(), folder);
  expect(await readApiKey(folder)).toBe('lk_new');
});

it('makes no key that it can’t keep, and says what to do', async () => {
  const folder = await makeDataFolder();
  vi.mocked(open).mockRejectedValueOnce(Object.assign(new Error('read-only'), { code: 'EROFS' }));
  const hub = hubThatAccepts();
  await expect(ensureApiKey(hub, folder)).rejects.toMatchObject({
    message: expect.stringMatching(/can’t be written: .*api-key \(EROFS\)\.$/),
    remedy: expect.stringContaining('--data'),
  });
  expect(hub.createApiKey).not.toHaveBeenCalled();
});
