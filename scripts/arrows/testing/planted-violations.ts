import path from 'node:path/posix';
import { flooredFolders, foldersWithoutCircles, outsiders, packages, widerParts } from '../house.ts';
import type { Files } from './build-house.ts';

/** For each rule, by its name, files of which each import breaks it, or all imports together do. */
export const plantedViolations: Record<string, Files> = {
  ...plantPackages(),
  'packages: each in the plan': { 'packages/planted/src/index.ts': ['./planted.ts'] },
  'packages: by name': {
    'packages/hub/src/by-path.ts': ['../../microsoft/src/index.ts'],
    'packages/web/src/by-path.tsx': ['../../client/src/index.ts'],
    'packages/cloud/src/by-path.test.ts': ['../../microsoft/src/testing/planted.ts'],
  },
  'packages: by name, from outside': {
    'e2e/by-path.test.ts': ['../packages/hub/src/tokens/planted.ts'],
    'bench/src/by-path.ts': ['../../packages/hub/src/index.ts'],
  },
  found: {
    'packages/hub/src/lost.ts': ['@latchkey/microsoft/src/index.ts', '@latchkey/nothing'],
    'e2e/lost.test.ts': `import './nothing.ts';`,
  },
  'tests: not in the product': {
    'packages/hub/src/tested.ts': ['./planted.test.ts', './testing/planted.ts'],
  },
  'circles: files': {
    'packages/hub/src/one.test.ts': ['./two.test.ts'],
    'packages/hub/src/two.test.ts': ['./three.test.ts'],
    'packages/hub/src/three.test.ts': ['./one.test.ts'],
  },
  ...Object.fromEntries(foldersWithoutCircles.map((folder) => [`circles: ${folder}`, plantCircle(folder)])),
  ...plantFloors(),
};

/** Every package that a package, or a part of one, may not import: by its name and by its path; and the outsiders. */
function plantPackages(): Record<string, Files> {
  const parts = [
    ...Object.entries(packages).map(([name, allowed]) => [`packages/${name}`, [name, ...allowed]] as const),
    ...Object.entries(widerParts).map(
      ([part, allowed]) => [part, [part.split('/')[1] ?? '', ...allowed]] as const,
    ),
  ];
  return Object.fromEntries(
    parts.map(([part, allowed]) => {
      const files = Object.keys(packages)
        .filter((name) => !allowed.includes(name))
        .flatMap((name) => [
          [`${part}/src/${name}-by-name.ts`, [`@latchkey/${name}`]],
          [`${part}/src/${name}.test.ts`, [`@latchkey/${name}`]],
          [`${part}/src/${name}.ts`, [relative(`${part}/src/${name}.ts`, `packages/${name}/src/index.ts`)]],
        ]);
      const outside = outsiders.map((outsider) => [
        `${part}/src/${outsider}.ts`,
        [relative(`${part}/src/${outsider}.ts`, `${outsider}/planted.ts`)],
      ]);
      return [`packages: ${part}`, Object.fromEntries([...files, ...outside])];
    }),
  );
}

function plantCircle(folder: string): Files {
  return {
    [`${folder}/circle-one/a.ts`]: ['../circle-two/deep/a.ts'],
    [`${folder}/circle-two/b.ts`]: ['../circle-three.ts'],
    [`${folder}/circle-three.ts`]: ['./circle-one/b.ts'],
  };
}

/** Every part of a floored folder that a part of it may not import, and one that the plan doesn't know. */
function plantFloors(): Record<string, Files> {
  return Object.fromEntries(
    flooredFolders.flatMap(({ folder, floors, doorsOfTests }) => [
      ...floors.flatMap((parts, floor) =>
        parts.flatMap((part) => {
          const below = floors.slice(floor + 1).flat();
          const refused = floors.flat().filter((other) => other !== part && !below.includes(other));
          const plant = (file: string, others: readonly string[]): Files => ({
            [file]: [...others, 'planted'].map((other) => relative(file, fileOf(folder, other))),
          });
          const file = fileOf(folder, part);
          const refusedToTests = refused.filter((other) => !doorsOfTests.includes(other));
          return [
            [`floors: ${folder}/${part}`, plant(file, refused)],
            [`floors for tests: ${folder}/${part}`, plant(testOf(file), refusedToTests)],
          ];
        }),
      ),
      [`floors: ${folder}: each part on one`, { [`${folder}/planted/one.ts`]: ['./two.ts'] }],
    ]),
  );
}

/** Every arrow from a part on a floor, and from its tests, to what it may import of the parts. */
export function allowedOnFloors(): Files {
  return Object.fromEntries(
    flooredFolders.flatMap(({ folder, floors, doorsOfTests }) =>
      floors.flatMap((parts, floor) =>
        parts.flatMap((part) => {
          const file = fileOf(folder, part);
          const below = floors.slice(floor + 1).flat();
          const importsOf = (others: readonly string[]): string[] =>
            others.map((other) => relative(file, fileOf(folder, other)));
          return [
            [file, importsOf(below)],
            [testOf(file), importsOf([...below, ...doorsOfTests])],
          ];
        }),
      ),
    ),
  );
}

function testOf(file: string): string {
  return file.replace(/\.ts$/, '.test.ts');
}

function fileOf(folder: string, part: string): string {
  // A part with floors of its own has each file on one of them.
  const inner = flooredFolders.find((other) => other.folder === `${folder}/${part}`)?.floors.at(-1)?.[0];
  if (inner !== undefined) return `${folder}/${part}/${inner}/planted-of-${part}.ts`;
  return part.endsWith('.ts') ? `${folder}/${part}` : `${folder}/${part}/planted.ts`;
}

function relative(from: string, to: string): string {
  const found = path.relative(path.dirname(from), to);
  return found.startsWith('.') ? found : `./${found}`;
}
