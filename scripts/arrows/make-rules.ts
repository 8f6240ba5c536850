import type { IRegularForbiddenRuleType } from 'dependency-cruiser';
import { beforeInstalling, type Floors, flooredFolders, outsiders, packages, widerParts } from './house.ts';

/** A rule of dependency-cruiser with the words that a refusal is told in. */
export interface Rule extends IRegularForbiddenRuleType {
  name: string;
  comment: string;
}

/** Tests, and what only tests use. A folder `testing/` sets things up from above, so floors don't bind it. */
const testing = '/testing/';
const tests = [testing, '\\.test\\.tsx?$'];
const notATest = '(?<!\\.test)\\.tsx?$';
const ours = `^(packages|${outsiders.join('|')})/`;

/** All rules that dependency-cruiser holds the house to, made from the plan of the house. */
export function makeRules(): Rule[] {
  return [
    ...makePackageRules(),
    {
      name: 'packages: each in the plan',
      comment: 'The plan of the house (scripts/arrows/house.ts) says of each package what it may import.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(${Object.keys(packages).join('|')})/` },
      to: {},
    },
    {
      name: 'packages: by name',
      comment: 'A package is imported by its name, which leads to what it shows; its insides are its own.',
      severity: 'error',
      from: { path: '^(packages/[^/]+)/' },
      to: { path: '^packages/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'packages: by name, from outside',
      comment:
        "Outside the packages they are imported by name; by path only what is in a package's testing/, and what runs before anything is installed.",
      severity: 'error',
      from: { path: `^(${outsiders.join('|')})/` },
      to: { path: '^packages/', pathNot: [testing, `^${beforeInstalling}/`], dependencyTypes: ['local'] },
    },
    {
      name: 'found',
      comment: 'Nothing is there, or the package does not show it.',
      severity: 'error',
      from: {},
      to: { path: '^(\\.|@latchkey/)', couldNotResolve: true },
    },
    {
      name: 'tests: not in the product',
      comment: 'What users run imports no test and nothing of testing/.',
      severity: 'error',
      from: { path: '^packages/', pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'circles: files',
      comment: 'Files form no circle, type imports included.',
      severity: 'error',
      from: { path: ours },
      to: { circular: true },
    },
    ...flooredFolders.flatMap(makeFloorRules),
  ];
}

/** One rule for each package, and one for each part that may import more. */
function makePackageRules(): Rule[] {
  const parts = Object.keys(widerParts).map((part) => `^${part}/`);
  const rule = (part: string, pathNot: string[], own: string, allowed: readonly string[]): Rule => ({
    name: `packages: ${part}`,
    comment: `${part} imports ${allowed.length === 0 ? 'no other package' : allowed.join(', ')}.`,
    severity: 'error',
    from: { path: `^${part}/`, pathNot },
    to: { path: ours, pathNot: `^packages/(${[own, ...allowed].join('|')})/` },
  });
  return [
    ...Object.entries(packages).map(([name, allowed]) => rule(`packages/${name}`, parts, name, allowed)),
    ...Object.entries(widerParts).map(([part, allowed]) => rule(part, [], part.split('/')[1] ?? '', allowed)),
  ];
}

/** Two rules for each part on a floor, for what users run and for tests, and one that every part is on a floor. */
function makeFloorRules({ folder, floors, doorsOfTests }: Floors): Rule[] {
  const inFolder = `^${folder}/`;
  const pathOf = (part: string): string =>
    part.endsWith('.ts') ? `${inFolder}${part.replace(/\.ts$/, '')}(\\.test)?\\.ts$` : `${inFolder}${part}/`;
  const partRules = floors.flatMap((parts, floor) =>
    parts.flatMap((part): Rule[] => {
      const below = floors.slice(floor + 1).flat();
      const words = `${part} imports from floors below its own only: ${below.join(', ') || 'there is none'}`;
      // Of testing/ the rule "tests: not in the product" speaks.
      const allowed = [testing, ...[part, ...below].map(pathOf)];
      return [
        {
          name: `floors: ${folder}/${part}`,
          comment: `${words}.`,
          severity: 'error',
          from: { path: pathOf(part), pathNot: tests },
          to: { path: inFolder, pathNot: allowed },
        },
        {
          name: `floors for tests: ${folder}/${part}`,
          comment: `${words}; its tests also from ${['testing/', ...doorsOfTests].join(', ')}.`,
          severity: 'error',
          from: { path: pathOf(part), pathNot: [testing, notATest] },
          to: { path: inFolder, pathNot: [...allowed, ...doorsOfTests.map(pathOf)] },
        },
      ];
    }),
  );
  const everyPart = floors.flat().map(pathOf);
  // A test that stands in the folder itself is one of the whole.
  const ofTheWhole = `${inFolder}[^/]+\\.test\\.ts$`;
  return [
    ...partRules,
    {
      name: `floors: ${folder}: each part on one`,
      comment: 'The plan of the house (scripts/arrows/house.ts) gives each folder and each file its floor.',
      severity: 'error',
      from: { path: inFolder, pathNot: [testing, ofTheWhole, ...everyPart] },
      to: {},
    },
  ];
}
