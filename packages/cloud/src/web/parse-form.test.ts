import { expect, it } from 'vitest';
import { FormError, parseForm, parseQuery } from './parse-form.ts';

it('decodes plus signs and escapes, and takes a value without "="', () => {
  const form = parseForm('a=x+y%2Bz&b=%E2%82%AC&c&d=1=2');
  expect([...form]).toEqual([
    ['a', 'x y+z'],
    ['b', '€'],
    ['d', '1=2'],
  ]);
});

it('counts a parameter without value as absent', () => {
  expect(parseForm('client_id=').has('client_id')).toBe(false);
});

it.each(['a=1&a=2', 'a=1&a=', 'a=&a=1', 'a=&a=', 'a=%zz'])('refuses %s', (text) => {
  expect(() => parseForm(text)).toThrow(FormError);
});

it('reads a query of 8192 characters, and refuses one more as too long', () => {
  const longest = `a=${'x'.repeat(8190)}`;
  expect(parseQuery(`/x?${longest}`).get('a')).toHaveLength(8190);
  expect(() => parseQuery(`/x?${longest}y`)).toThrow('too_long');
});

it('reads the query of an address', () => {
  expect(parseQuery('/common/x?a=1').get('a')).toBe('1');
  expect(parseQuery('/common/x').size).toBe(0);
});
