import { describe, expect, it } from 'vitest';
import { compareTexts, foldText } from './collation.ts';

describe('holds for equal what the collation does', () => {
  it.each([
    ['café', 'CAFE'],
    ['e\u0301', 'é'],
    ['Straße', 'STRASSE'],
    ['æther', 'Aether'],
    ['Œuvre', 'oeuvre'],
    ['Søren', 'soren'],
    ['Łódź', 'lodz'],
    ['ＡＢＣ', 'abc'],
    ['ﬁsh', 'fish'],
    ['ΟΔΟΣ', 'οδός'],
  ])('%s and %s', (left, right) => {
    expect([foldText(left) === foldText(right), compareTexts(left, right)]).toEqual([true, 0]);
  });
});

describe('tells apart', () => {
  it.each([
    ['ä', 'ae'],
    ['þ', 'th'],
    ['´', ' '],
    ['a-b', 'ab'],
    ['', ' '],
  ])('%s and %s', (left, right) => {
    expect([foldText(left) === foldText(right), compareTexts(left, right) === 0]).toEqual([false, false]);
  });
});

it('agrees with Unicode about the base letters of European languages', () => {
  const base = new Intl.Collator('en', { sensitivity: 'base' });
  const letters = Array.from({ length: 0x250 - 0xc0 }, (_, index) => String.fromCodePoint(0xc0 + index));
  expect(letters.filter((letter) => base.compare(letter, foldText(letter)) !== 0)).toEqual([]);
});
