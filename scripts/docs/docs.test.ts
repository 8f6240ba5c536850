import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { flooredFolders } from '../arrows/house.ts';

const root = path.join(import.meta.dirname, '../..');
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

function read(page: string): string {
  return readFileSync(path.join(root, page), 'utf8');
}

/** Targets of links that lead to files of ours, without the part of the page. */
function linkedFiles(page: string): string[] {
  return [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => path.join(path.dirname(page), target));
}

/** What is written as a path from the root of the checkout. */
function namedFiles(page: string): string[] {
  return [...read(page).matchAll(/`((?:packages|scripts|docs|bench|e2e)\/[\w./-]+)`/g)].map(
    ([, file = '']) => file,
  );
}

describe.each(pages)('%s', (page) => {
  it('links and names only what is there', () => {
    const missing = [...linkedFiles(page), ...namedFiles(page)].filter(
      (file) => !existsSync(path.join(root, file)),
    );
    expect(missing).toEqual([]);
  });
});

it('finds links and names, so that none can be missed', () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.flatMap(linkedFiles).length).toBeGreaterThan(20);
  expect(pages.flatMap(namedFiles).length).toBeGreaterThan(5);
});

it('follows requests through files of the hub that are there', () => {
  const files = [...read('docs/how-it-runs.md').matchAll(/`([a-z0-9-]+(?:\/[a-z0-9-]+)+\.ts)`/g)].map(
    ([, file = '']) => file,
  );
  expect(files.length).toBeGreaterThan(40);
  const hub = path.join(root, 'packages/hub/src');
  expect(files.filter((file) => !existsSync(path.join(hub, file)))).toEqual([]);
});

/** A picture's rows, from the top: the names in its boxes. */
function drawnFloors(folder: string): string[][] {
  const [, after = ''] = read('ARCHITECTURE.md').split(`\`${folder}\`:\n`);
  const [, picture = ''] = after.split('```');
  return picture
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) => line.slice(1, line.lastIndexOf('│')).split('│'))
    .map((names) => names.map((name) => name.trim().replace(/\/$/, '')));
}

it.each(['packages/hub/src', 'packages/cloud/src'])(
  'draws the floors of %s as the plan has them',
  (folder) => {
    const plan = flooredFolders.find((floored) => floored.folder === folder);
    expect(drawnFloors(folder)).toEqual(plan?.floors);
  },
);
