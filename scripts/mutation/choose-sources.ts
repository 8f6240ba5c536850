import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import path from 'node:path';

/** The sources of one line of the table. */
export interface SourceFolder {
  folder: string;
  files: string[];
}

/** Code that only tests run is not worth testing. */
const isSource = (file: string) =>
  /^packages\/[^/]+\/src\/.*\.tsx?$/.test(file) &&
  !/\.(test|d)\.tsx?$/.test(file) &&
  !/(^|\/)testing\//.test(file);

/**
 * The folders and files that were asked for, each a line of the table.
 *
 * @throws Error with one sentence when there is no such place
 */
export function sourcesIn(root: string, places: readonly string[]): SourceFolder[] {
  return places.map((place) => {
    const folder = path.posix.normalize(place.replaceAll(path.sep, '/')).replace(/\/$/, '');
    const whole = path.join(root, folder);
    if (!existsSync(whole)) throw new Error(`There is no ${folder}.`);
    if (!statSync(whole).isDirectory()) return { folder: path.posix.dirname(folder), files: [folder] };
    const found = globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }).map((file) =>
      file.replaceAll(path.sep, '/'),
    );
    return { folder, files: found.filter(isSource).sort() };
  });
}

/**
 * The sources that differ from `since`, committed or not, by the folder that stands directly in `src`.
 *
 * @param since a revision; by default where this branch left `origin/main`, or, on it, the commit before
 */
export function sourcesChanged(root: string, since: string | undefined): SourceFolder[] {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  const base = since ?? findBase(git);
  const named = [
    git('diff', '--name-only', '--diff-filter=ACMR', base),
    git('ls-files', '--others', '--exclude-standard'),
  ];
  const changed = named.join('\n').split('\n').filter(isSource).sort();
  const folders = new Map<string, string[]>();
  for (const file of changed) {
    const folder = path.posix.dirname(file).split('/').slice(0, 4).join('/');
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders].map(([folder, files]) => ({ folder, files }));
}

function findBase(git: (...words: string[]) => string): string {
  try {
    const base = git('merge-base', 'HEAD', 'origin/main');
    if (base !== git('rev-parse', 'HEAD')) return base;
  } catch {
    // A checkout without a remote has no main to compare with.
  }
  return 'HEAD~1';
}
