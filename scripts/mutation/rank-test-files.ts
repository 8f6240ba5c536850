import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Import and export statements that load something; type imports load nothing. */
const loads =
  /^\s*(?:import|export)\s+(?!type\b)[^;']*?from\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm;

/**
 * The test files that load any of `files`, nearest first: those that stand in `folder`, then by how many imports lie
 * between, then by how much of the path they share. Of those outside `folder` no more than `reach`.
 *
 * @param files from the root, as all paths here
 */
export function rankTestFiles(
  root: string,
  folder: string,
  files: readonly string[],
  reach: number,
): string[] {
  const importers = readImporters(root);
  const distance = new Map<string, number>(files.map((file) => [file, 0]));
  const queue = [...files];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const importer of importers.get(file) ?? []) {
      if (distance.has(importer)) continue;
      distance.set(importer, (distance.get(file) ?? 0) + 1);
      queue.push(importer);
    }
  }
  const tests = [...distance.keys()].filter((file) => /\.test\.tsx?$/.test(file));
  const isNear = (file: string) => file.startsWith(`${folder}/`);
  const rank = (file: string) => (distance.get(file) ?? 0) * 100 - sharedFolders(file, folder);
  tests.sort(
    (one, other) =>
      Number(isNear(other)) - Number(isNear(one)) || rank(one) - rank(other) || (one < other ? -1 : 1),
  );
  return tests.filter((file, index) => isNear(file) || index < tests.filter(isNear).length + reach);
}

function sharedFolders(file: string, folder: string): number {
  const [one, other] = [file.split('/'), folder.split('/')];
  const first = one.findIndex((part, index) => part !== other[index]);
  return first < 0 ? one.length : first;
}

/** Who loads each file of the packages' sources. */
function readImporters(root: string): Map<string, string[]> {
  const entries = readPackageEntries(root);
  const importers = new Map<string, string[]>();
  for (const found of globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root })) {
    const file = found.replaceAll(path.sep, '/');
    for (const [, from, bare, dynamic] of readFileSync(path.join(root, file), 'utf8').matchAll(loads)) {
      const specifier = from ?? bare ?? dynamic ?? '';
      const imported = specifier.startsWith('.')
        ? path.posix.join(path.posix.dirname(file), specifier)
        : entries.get(specifier);
      if (imported) importers.set(imported, [...(importers.get(imported) ?? []), file]);
    }
  }
  return importers;
}

/** What `import '@latchkey/…'` loads. */
function readPackageEntries(root: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const found of globSync('packages/*/package.json', { cwd: root })) {
    const folder = path.posix.dirname(found.replaceAll(path.sep, '/'));
    const { name, exports } = JSON.parse(readFileSync(path.join(root, found), 'utf8'));
    const places = typeof exports === 'string' ? { '.': exports } : (exports ?? { '.': './src/index.ts' });
    for (const [place, target] of Object.entries(places)) {
      if (typeof target === 'string')
        entries.set(path.posix.join(name, place), path.posix.join(folder, target));
    }
  }
  return entries;
}
