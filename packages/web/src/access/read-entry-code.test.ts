import { expect, it } from 'vitest';
import { readEntryCode } from './read-entry-code.ts';

it.each([
  ['#code=abc_-1', 'abc_-1'],
  ['code=abc_-1', 'abc_-1'],
  ['#code=', null],
  ['#other=1', null],
  ['', null],
])('reads %j as %j', (fragment, code) => {
  expect(readEntryCode(fragment)).toBe(code);
});
