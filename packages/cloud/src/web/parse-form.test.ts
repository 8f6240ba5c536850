import { expect, test } from 'vitest';
import { EntraError } from '../entra/errors/entra-error.ts';
import { parseForm, parseQuery, requireParameter } from './parse-form.ts';

test('decodes plus signs and escapes, and takes a value without "="', () => {
  const form = parseForm('a=x+y%2Bz&b=%E2%82%AC&c&d=1=2');
  expect([...form]).toEqual([
    ['a', 'x y+z'],
    ['b', '€'],
    ['d', '1=2'],
  ]);
});

test('counts a parameter without value as absent', () => {
  expect(() => requireParameter(parseForm('client_id='), 'client_id')).toThrow(
    "must contain the following parameter: 'client_id'",
  );
});

test.each(['a=1&a=2', 'a=1&a=', 'a=%zz'])('refuses %s', (text) => {
  expect(() => parseForm(text)).toThrow(EntraError);
});

test('reads the query of an address', () => {
  expect(parseQuery('/common/x?a=1').get('a')).toBe('1');
  expect(parseQuery('/common/x').size).toBe(0);
});
