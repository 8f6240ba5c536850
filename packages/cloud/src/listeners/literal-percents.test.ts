import { expect, it } from 'vitest';
import { withLiteralPercents } from './literal-percents.ts';

it.each([
  ['/v1.0/me', '/v1.0/me'],
  ['/a%20b?x=%zz', '/a%20b?x=%zz'],
  ['/%zz', '/%25zz'],
  ['/100%', '/100%25'],
  ['/%ff/a%20b?x=%zz', '/%25ff/a%2520b?x=%zz'],
  ['/%E2%82%AC', '/%E2%82%AC'],
])('takes %s as %s', (sent, taken) => {
  expect(withLiteralPercents(sent)).toBe(taken);
});
