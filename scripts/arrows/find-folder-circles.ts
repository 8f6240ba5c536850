import { foldersWithoutCircles } from './house.ts';

/** What of dependency-cruiser's module is needed. */
interface Module {
  source: string;
  dependencies: readonly { resolved: string }[];
}

/** An arrow between two parts (folders, or files) of one folder. */
interface Arrow {
  rule: string;
  from: string;
  to: string;
}

/**
 * The arrows of circles between the parts of each folder that must have none. dependency-cruiser's own rule for
 * folders counts tests in, and these may reach up: so the circles are looked for here, among what users run.
 */
export function findFolderCircles(modules: readonly Module[]): Arrow[] {
  return foldersWithoutCircles.flatMap((folder) => {
    const arrows = new Map<string, Set<string>>();
    for (const { source, dependencies } of modules) {
      const from = partOf(folder, source);
      if (!from) continue;
      const targets = arrows.get(from) ?? new Set();
      arrows.set(from, targets);
      for (const { resolved } of dependencies) {
        const to = partOf(folder, resolved);
        if (to && to !== from) targets.add(to);
      }
    }
    return [...arrows].flatMap(([from, targets]) =>
      [...targets]
        .filter((to) => isReachable(arrows, to, from))
        .map((to) => ({ rule: `circles: ${folder}`, from, to })),
    );
  });
}

/** The folder or file directly in `folder` that a file belongs to; undefined for tests and for what lies elsewhere. */
function partOf(folder: string, file: string): string | undefined {
  if (!file.startsWith(`${folder}/`) || /\/testing\/|\.test\.tsx?$/.test(file)) return undefined;
  const [part] = file.slice(folder.length + 1).split('/');
  return `${folder}/${part}`;
}

function isReachable(arrows: ReadonlyMap<string, ReadonlySet<string>>, from: string, goal: string): boolean {
  const seen = new Set([from]);
  for (const part of seen) {
    if (part === goal) return true;
    for (const next of arrows.get(part) ?? []) seen.add(next);
  }
  return false;
}
