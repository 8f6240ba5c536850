import path from 'node:path/posix';
import { flooredFolders, foldersWithoutCircles, outsiders, packages, widerParts } from '../house.ts';
import type { Files } from './build-house.ts';

/** For each rule, by its name, houses in which each import breaks it, or the imports together do. */
export const plantedViolations: Record<string, Files[]> = {
  ...plantPackages(),
  'packages: each in the plan': [{ 'packages/planted/src/index.ts': ['./planted.ts'] }],
  'packages: by name': [
    { 'packages/hub/src/planted.ts': ['../../microsoft/src/index.ts'] },
    { 'packages/web/src/planted.tsx': ['../../client/src/index.ts'] },
    { 'packages/cloud/src/planted.test.ts': ['../../microsoft/src/testing/planted.ts'] },
  ],
  'packages: by name, from outside': [
    { 'e2e/planted.test.ts': ['../packages/hub/src/tokens/planted.ts'] },
    { 'bench/src/planted.ts': ['../../packages/hub/src/index.ts'] },
  ],
  found: [
    { 'packages/hub/src/planted.ts': ['@latchkey/microsoft/src/index.ts', '@latchkey/nothing'] },
    { 'e2e/planted.test.ts': `import './nothing.ts';` },
  ],
  'tests: not in the product': [
    { 'packages/hub/src/planted.ts': ['./planted.test.ts', './testing/planted.ts'] },
  ],
  'circles: files': [
    { 'packages/hub/src/one.ts': ['./two.ts'], 'packages/hub/src/two.ts': ['./one.ts'] },
    {
      'packages/hub/src/one.test.ts': ['./two.test.ts'],
      'packages/hub/src/two.test.ts': ['./three.test.ts'],
      'packages/hub/src/three.test.ts': ['./one.test.ts'],
    },
  ],
  ...Object.fromEntries(foldersWithoutCircles.map((folder) => [`circles: ${folder}`, plantCircles(folder)])),
  ...plantFloors(),
};

/** Every package that a package, or a part of one, may not import: by its name and by its path; and the outsiders. */
function plantPackages(): Record<string, Files[]> {
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
      return [`packages: ${part}`, [Object.fromEntries([...files, ...outside])]];
    }),
  );
}

function plantCircles(folder: string): Files[] {
  return [
    {
      [`${folder}/one/a.ts`]: ['../two/a.ts'],
      [`${folder}/two/b.ts`]: ['../one/b.ts'],
    },
    {
      [`${folder}/one/a.ts`]: ['../two/deep/a.ts'],
      [`${folder}/two/b.ts`]: ['../three.ts'],
      [`${folder}/three.ts`]: ['./one/b.ts'],
    },
  ];
}

/** Every part of a floored folder that a part of it may not import, and one that the plan doesn't know. */
function plantFloors(): Record<string, Files[]> {
  return Object.fromEntries(
    flooredFolders.flatMap(({ folder, floors }) => [
      ...floors.flatMap((parts, floor) =>
        parts.map((part) => {
          const below = floors.slice(floor + 1).flat();
          const refused = floors.flat().filter((other) => other !== part && !below.includes(other));
          const file = fileOf(folder, part);
          const imported = [...refused, 'planted'].map((other) => relative(file, fileOf(folder, other)));
          return [`floors: ${folder}/${part}`, [{ [file]: imported }]];
        }),
      ),
      [`floors: ${folder}: each part on one`, [{ [`${folder}/planted/one.ts`]: ['./two.ts'] }]],
    ]),
  );
}

function fileOf(folder: string, part: string): string {
  return part.endsWith('.ts') ? `${folder}/${part}` : `${folder}/${part}/planted.ts`;
}

function relative(from: string, to: string): string {
  const found = path.relative(path.dirname(from), to);
  return found.startsWith('.') ? found : `./${found}`;
}
