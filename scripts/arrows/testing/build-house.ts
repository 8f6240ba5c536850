import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cruise, cruiseHouse } from '../cruise-house.ts';
import { packages } from '../house.ts';

/** Files of a small house: what each imports (a list), or its whole text. */
export type Files = Record<string, readonly string[] | string>;

/**
 * Builds a small house in a temporary folder, with an empty entry for each package of the plan and the given files,
 * cruises it, and takes it down again. What the files import by a relative path is built too, empty.
 */
export async function cruiseSmallHouse(files: Files): Promise<Cruise> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'house-')));
  try {
    await writeFiles(root, { ...entries(), ...importedFiles(files), ...files });
    await mkdir(path.join(root, 'node_modules/@latchkey'), { recursive: true });
    for (const name of Object.keys(packages)) {
      const manifest = { name: `@latchkey/${name}`, type: 'module', exports: { '.': './src/index.ts' } };
      await writeFile(path.join(root, `packages/${name}/package.json`), JSON.stringify(manifest));
      await symlink(`../../packages/${name}`, path.join(root, `node_modules/@latchkey/${name}`));
    }
    return await cruiseHouse(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

function entries(): Files {
  return Object.fromEntries(Object.keys(packages).map((name) => [`packages/${name}/src/index.ts`, []]));
}

/** The files that others import by a relative path. */
function importedFiles(files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).flatMap(([file, content]) =>
      (typeof content === 'string' ? [] : content)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => [path.posix.join(path.posix.dirname(file), specifier), []]),
    ),
  );
}

async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    const text =
      typeof content === 'string'
        ? content
        : content.map((specifier) => `import type { Planted } from '${specifier}';\n`).join('');
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), `${text}export type Planted = string;\n`);
  }
}
