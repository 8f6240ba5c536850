import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDataFolder } from './open-data-folder.ts';

// Still the real file system, but for what a test lets fail.
vi.mock('node:fs/promises', { spy: true });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-data-folder-'));
});
afterEach(async () => {
  vi.mocked(mkdir).mockReset();
  await rm(folder, { recursive: true });
});

it('makes the folder with all above it, for its user alone', async () => {
  const deep = path.join(folder, 'one', 'two');
  await openDataFolder(deep);
  await openDataFolder(deep);
  expect((await stat(deep)).mode & 0o777).toBe(0o700);
});

it('ends where there is nothing above, as on a drive of Windows that is not there', async () => {
  vi.mocked(mkdir).mockRejectedValue(Object.assign(new Error('no such drive'), { code: 'ENOENT' }));
  await expect(openDataFolder(path.join(folder, 'data'))).rejects.toMatchObject({
    code: 'data_folder_unwritable',
    message: expect.stringContaining('ENOENT'),
  });
});
