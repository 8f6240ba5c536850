import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';

const folder = path.join(import.meta.dirname, '..');
const examples = path.join(folder, 'examples');
const files = await readdir(examples);

it.each(files)('the README shows %s as it is', async (file) => {
  const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
  expect(readme).toContain(await readFile(path.join(examples, file), 'utf8'));
});

it.each(files.filter((file) => file.endsWith('.ts')))('%s does what it says', async (file) => {
  await expect(import(path.join(examples, file))).resolves.toBeDefined();
});
