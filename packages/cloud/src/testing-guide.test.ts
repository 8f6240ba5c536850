import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../../..');
const examples = path.join(root, 'examples');
const entries = await readdir(examples, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => path.relative(examples, path.join(parentPath, name)));

it.each(files)('the guide to testing shows %s as it is', async (file) => {
  const guide = await readFile(path.join(root, 'docs', 'testing.md'), 'utf8');
  expect(guide).toContain(await readFile(path.join(examples, file), 'utf8'));
});
