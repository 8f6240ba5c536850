import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { environment } from '../config.ts';
import { changeKey, makeKey, printKeys, removeKey } from './change-keys.ts';
import { openDataFolder, type Printed, watchOutput } from './testing/open-data-folder.ts';

let data: string;
let printed: Printed;
beforeEach(async () => {
  data = await openDataFolder();
  printed = watchOutput();
});

const keyFile = () => readFileSync(path.join(data, 'vault.key'), 'utf8').trim();
const idsIn = (file: string) => file.split(/[\n,]/).map((entry) => entry.split(':')[0] ?? '');
const { signal } = new AbortController();

it('lists the keys, what each does and how much it has sealed, and no key', async () => {
  await printKeys(data);
  const [id] = idsIn(keyFile());
  expect(printed.stdout()).toMatch(new RegExp(`${id} {2}seals and opens {2}\\d+ values`));
  expect(printed.stdout()).toContain('vault.key');
  expect(printed.stdout()).not.toContain(keyFile().split(':')[1]);
});

it('makes a key that opens, and says how it comes to seal', async () => {
  await makeKey(data);
  const [, added] = idsIn(keyFile());
  expect(printed.stdout()).toContain(`latchkey keys rotate --to ${added}`);
});

it('prints the entry of a key where the keys are kept elsewhere, with a warning beside it', async () => {
  vi.stubEnv('LATCHKEY_KEYS', keyFile());
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(environment.LATCHKEY_KEYS).toBe(keyFile());
  await makeKey(data);
  expect(printed.stderr()).toContain('A secret follows. Put it behind the others of LATCHKEY_KEYS');
  expect(printed.stdout()).toMatch(/^[\w-]+:[A-Za-z0-9+/]{43}=\n$/);
});

it('has a new key seal, and leaves the rest to the hubs', async () => {
  await changeKey(data, { keyId: null, now: false }, signal);
  expect(printed.stdout()).toMatch(/The key \S+ seals from now on/);
  expect(printed.stdout()).toContain('latchkey keys list');
  await printKeys(data);
  expect(printed.stdout()).toContain('under way');
});

it('seals everything anew at once where it is told to; the old key can go then', async () => {
  const [old = ''] = idsIn(keyFile());
  await changeKey(data, { keyId: null, now: true }, signal);
  expect(printed.stdout()).toContain('latchkey keys retire <id>');
  await removeKey(data, old);
  expect(printed.stdout()).toContain(`The key ${old} is gone.`);
  expect(idsIn(keyFile())).not.toContain(old);
});

it('lets no key go that is needed', async () => {
  const [only = ''] = idsIn(keyFile());
  await expect(removeKey(data, only)).rejects.toMatchObject({ code: 'key_in_use' });
  await expect(removeKey(data, 'nobody')).rejects.toMatchObject({ code: 'key_unknown' });
});
