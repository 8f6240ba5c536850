import { expect, it } from 'vitest';
import { withoutConstants } from './without-constants.ts';

const constants = { addIns: [], settings: { list: [], rule: 'Allow' }, uri: null };

it.each([null, [], {}, '', false, { list: [] }, { list: [], rule: 'Allow' }])(
  'passes over a constant that is empty or as it is: %j',
  (settings) => {
    expect(withoutConstants({ displayName: 'x', settings }, constants)).toEqual({ displayName: 'x' });
  },
);

it.each([true, 'x', 1, ['x'], { rule: 'Deny' }])('refuses another value: %j', (settings) => {
  expect(() => withoutConstants({ settings }, constants)).toThrow("property 'settings'");
});

it.each([undefined, null, 'x', []])('leaves to others what is no object: %j', (body) => {
  expect(withoutConstants(body, constants)).toBe(body);
});
