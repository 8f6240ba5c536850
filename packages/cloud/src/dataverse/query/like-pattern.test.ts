import { describe, expect, it } from 'vitest';
import { compileLikePattern } from './like-pattern.ts';

describe('matches as LIKE does, ignoring case', () => {
  it.each([
    ['abc', 'ABC', true],
    ['abc', 'abcd', false],
    ['%b%', 'abc', true],
    ['a_c', 'abc', true],
    ['a_c', 'ac', false],
    ['%', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a%z', 'a..z..z', true],
    ['a%z', 'a..z..', false],
    ['%ab%ab%', 'xabxxabx', true],
    ['%ab%ab%', 'xabxx', false],
    ['[a-c]x', 'Bx', true],
    ['[^a-c]x', 'bx', false],
    ['[^a-c]x', 'dx', true],
    ['100[%]', '100%', true],
    ['100[%]', '1000', false],
    ['[_]', '_', true],
    ['[[]', '[', true],
    ['a[', 'a[', true],
    ['größe_', 'GRÖSSE', false],
    ['gr_ße', 'GRÖße', true],
    ['(.*)', '(.*)', true],
  ])('%s against %s', (pattern, text, expected) => {
    expect(compileLikePattern(pattern)(text)).toBe(expected);
  });
});

it('answers at once where a naive matcher would search for ages', () => {
  const matches = compileLikePattern(`${'%a'.repeat(50)}%b`);
  expect(matches('a'.repeat(5_000))).toBe(false);
});
