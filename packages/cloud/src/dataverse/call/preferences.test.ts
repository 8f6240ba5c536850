import { describe, expect, it } from 'vitest';
import { includesAnnotation, parsePreferences } from './preferences.ts';

describe('reads Prefer', () => {
  it.each([
    [undefined, false, null, null],
    ['return=representation', true, null, null],
    ['return=minimal', false, null, null],
    ['odata.maxpagesize=10', false, 10, null],
    ['odata.maxpagesize="10"', false, 10, null],
    ['odata.maxpagesize=0', false, null, null],
    ['odata.maxpagesize=many', false, null, null],
    ['odata.maxpagesize=2, odata.maxpagesize=3', false, 2, null],
    ['odata.include-annotations="*"', false, null, '*'],
    ['odata.include-annotations=*', false, null, '*'],
    ['respond-async, wait=100, Return=representation', true, null, null],
    ['return=representation,odata.include-annotations="A.*,-A.B",odata.maxpagesize=5', true, 5, 'A.*,-A.B'],
    [';;=,"', false, null, null],
  ])('%s', (header, returnRepresentation, maximumPageSize, includeAnnotations) => {
    expect(parsePreferences(header)).toEqual({ returnRepresentation, maximumPageSize, includeAnnotations });
  });
});

it.each([
  ['*', 'A.B', true],
  ['A.B', 'A.B', true],
  ['A.*', 'A.B.C', true],
  ['A.*', 'AB.C', false],
  ['*,-A.B', 'A.B', false],
  ['X', 'A.B', false],
])('%s lets in %s: %s', (list, name, expected) => {
  const preferences = parsePreferences(`odata.include-annotations="${list}"`);
  expect(includesAnnotation(preferences, name)).toBe(expected);
});
