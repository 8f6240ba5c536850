import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, expect, it } from 'vitest';
import { printBackupVerdict, restoreHubBackup, writeHubBackup } from './back-up.ts';
import { openDataFolder, type Printed, watchOutput } from './testing/open-data-folder.ts';

let data: string;
let file: string;
let printed: Printed;
beforeEach(async () => {
  data = await openDataFolder();
  file = path.join(data, 'hub.backup');
  printed = watchOutput();
});

const keyOf = (folder: string) => readFileSync(path.join(folder, 'vault.key'), 'utf8').trim();
const contents = () => gunzipSync(readFileSync(file)).toString();

it('says what a backup holds, and that the keys are not in it', async () => {
  await writeHubBackup(file, { data });
  expect(printed.stdout()).toMatch(/hub\.backup: \d+ rows, 1 connections\n/);
  expect(printed.stdout()).toContain('The keys are not in it');
  expect(contents()).not.toContain(keyOf(data));
  expect(printed.stderr()).toBe('');
});

it('warns where the keys go into it, and never prints them', async () => {
  await writeHubBackup(file, { data, withKeys: true });
  expect(printed.stderr()).toContain('whoever has it can read every token and secret');
  expect(printed.stdout()).not.toContain('The keys are not in it');
  expect(contents()).toContain(keyOf(data));
  expect(printed.stdout() + printed.stderr()).not.toContain(keyOf(data));
});

it('tells that a backup is whole and that the keys here open it', async () => {
  await writeHubBackup(file, { data });
  await printBackupVerdict(file, { data });
  expect(printed.stdout()).toMatch(/whole, of \d{4}-.*Z, version \d+\.\d+\.\d+, \d+ rows/);
  expect(printed.stdout()).toMatch(/1 sealed values open, 0 do not/);
  expect(printed.exitCode()).toBeUndefined();
});

it('ends with 1 and names the keys that are needed where those here don’t open a backup', async () => {
  await writeHubBackup(file, { data });
  const elsewhere = await openDataFolder();
  await printBackupVerdict(file, { data: elsewhere });
  expect(printed.stdout()).toMatch(
    /0 sealed values open, 1 do not\n {2}connections\/c1\/sealed_client_secret/,
  );
  expect(printed.stderr()).toMatch(/The keys that are needed: \S+\.\n/);
  expect(printed.exitCode()).toBe(1);
});

it('restores into an empty folder, and says which key is missing there', async () => {
  await writeHubBackup(file, { data });
  const elsewhere = path.join(data, 'elsewhere');
  await restoreHubBackup(file, { data: elsewhere });
  expect(printed.stdout()).toMatch(/Restored \d+ rows, 1 connections\n/);
  expect(printed.stderr()).toContain('key');
  expect(printed.exitCode()).toBe(1);
});

it('restores with its keys without a complaint', async () => {
  await writeHubBackup(file, { data, withKeys: true });
  const before = printed.stderr();
  const elsewhere = path.join(data, 'elsewhere');
  await restoreHubBackup(file, { data: elsewhere });
  expect(printed.stderr()).toBe(before);
  expect(keyOf(elsewhere)).toBe(keyOf(data));
  expect(printed.exitCode()).toBeUndefined();
});

it('replaces nothing that is there unless it is told to', async () => {
  await writeHubBackup(file, { data });
  await expect(restoreHubBackup(file, { data })).rejects.toMatchObject({ code: 'database_not_empty' });
  await restoreHubBackup(file, { data, force: true });
  expect(printed.stdout()).toContain('Restored');
  rmSync(file);
  await expect(restoreHubBackup(file, { data, force: true })).rejects.toMatchObject({
    code: 'backup_unreadable',
  });
});
