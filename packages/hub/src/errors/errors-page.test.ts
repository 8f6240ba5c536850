import { readFileSync } from 'node:fs';
import path from 'node:path';
import { aadstsEntries, dataverseErrorEntries } from '@latchkey/microsoft';
import { expect, it } from 'vitest';
import { hubErrors } from './hub-error-table.ts';
import { renderErrorsPage } from './testing/render-errors-page.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../../../docs/errors.md'), 'utf8');

it('is what the tables of codes say (node scripts/write-errors-page.ts writes it anew)', () => {
  expect(page).toBe(renderErrorsPage());
});

/** The cells of the row whose first cell is this one. */
function rowOf(first: string): string[] {
  const line = page.split('\n').find((row) => row.startsWith(`| ${first} |`));
  return line === undefined
    ? []
    : line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim());
}

it('has for every code a cause, who acts and what to do (lesson 3)', () => {
  const firsts = [
    ...Object.keys(hubErrors).map((code) => `\`${code}\``),
    ...aadstsEntries.map(({ code }) => String(code)),
    ...dataverseErrorEntries.map(({ code }) => `\`${code}\``),
  ];
  expect(firsts.length).toBeGreaterThan(290);
  const incomplete = firsts.filter((first) => {
    const cells = rowOf(first);
    return cells.length < 5 || cells.some((cell) => cell === '');
  });
  expect(incomplete).toEqual([]);
});
