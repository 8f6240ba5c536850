// Builds the UI when its sources are newer than what was built, which is a second once and nothing later.
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const web = path.join(root, 'packages', 'web');
const stampFile = path.join(web, 'dist', '.sources');

const stamp = await hashSources();
const built = await readFile(stampFile, 'utf8').catch((error) => {
  if (error.code === 'ENOENT') return null;
  throw error;
});
if (built !== stamp) {
  process.stderr.write('Building the UI (once) …\n');
  const { build } = await import('vite');
  await build({ root: web, logLevel: 'warn' });
  await writeFile(stampFile, stamp);
}

async function hashSources() {
  const hash = createHash('sha256');
  const sources = globSync(
    [
      'index.html',
      'vite.config.ts',
      'package.json',
      'src/**',
      'public/**',
      '../{api,client,microsoft}/src/**',
    ],
    {
      cwd: web,
      withFileTypes: true,
    },
  );
  const files = sources
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(path.relative(root, file)).update(await readFile(file));
  return hash.digest('hex');
}
