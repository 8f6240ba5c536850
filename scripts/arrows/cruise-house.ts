import { glob } from 'node:fs/promises';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import './read-using-declarations.ts';
import { findFolderCircles } from './find-folder-circles.ts';
import { outsiders } from './house.ts';
import { makeRules } from './make-rules.ts';

/** An import that the plan of the house doesn't allow. `from` and `to` are paths from the root. */
export interface Violation {
  rule: string;
  from: string;
  to: string;
}

export interface Cruise {
  /** How many source files were read. */
  fileCount: number;
  violations: Violation[];
}

/** Files that users write, as it were, in what language they like: they belong to no floor. */
const roots = ['packages', ...outsiders.filter((outsider) => outsider !== 'examples')];

/**
 * Reads all imports of the checkout at `root` and holds them to the plan of the house.
 * Throws when a source file was not read: then a clean result would mean nothing.
 */
export async function cruiseHouse(root: string): Promise<Cruise> {
  const files: string[] = [];
  for await (const file of glob(`{${roots.join(',')}}/**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}`, {
    cwd: root,
    exclude: ['**/node_modules', '**/dist'],
  })) {
    files.push(file);
  }
  const { output } = await cruise(files, {
    baseDir: root,
    parser: 'swc',
    // Type imports count. An `import()` within a type would not be seen: oxlint refuses these.
    tsPreCompilationDeps: true,
    // What comes from npm is npm's and knip's matter; a package of ours is a link, read at its real path.
    exclude: { path: '(^|/)(node_modules|dist)/' },
    validate: true,
    ruleSet: { forbidden: makeRules() },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  });
  if (typeof output === 'string') throw new Error('dependency-cruiser answered in text');
  requireAllRead(files, output);
  return {
    fileCount: files.length,
    violations: [
      ...output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
      ...findFolderCircles(output.modules),
    ],
  };
}

/** dependency-cruiser passes over the files whose language it can't read, without a word. */
function requireAllRead(files: readonly string[], result: ICruiseResult): void {
  const read = new Set(result.modules.map((module) => module.source));
  const unread = files.filter((file) => !read.has(file));
  if (unread.length > 0) throw new Error(`Not read: ${unread.length} files, as ${unread[0]}`);
}
