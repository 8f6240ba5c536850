import { expect, it } from 'vitest';
import {
  isAnything,
  isFlag,
  isNumber,
  isText,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  RowError,
  readRow,
  recordOf,
} from './read-row.ts';

interface Stored {
  name: string;
  age: number | null;
  kind: 'one' | 'other';
  tags: string[];
  flags: Record<string, boolean>;
  rest: unknown;
  note?: string;
}

const stored = objectOf<Stored>({
  name: isText,
  age: orNull(isNumber),
  kind: oneOf('one', 'other'),
  tags: listOf(isText),
  flags: recordOf(isFlag),
  rest: isAnything,
  note: optional(isText),
});

const row = { name: 'Ada', age: null, kind: 'one', tags: ['a'], flags: { seen: true }, rest: [1] };

it('reads what has the shape, with and without what may be missing, and leaves unknown fields alone', () => {
  expect(readRow(stored, JSON.stringify(row))).toEqual(row);
  expect(readRow(stored, JSON.stringify({ ...row, note: 'x', later: 1 }))).toMatchObject({
    note: 'x',
    later: 1,
  });
});

it.each([
  { name: 1 },
  { age: '1' },
  { kind: 'third' },
  { tags: [1] },
  { tags: 'a' },
  { flags: { seen: 'yes' } },
  { flags: [] },
  { note: null },
])('refuses a row with %j', (change) => {
  expect(() => readRow(stored, JSON.stringify({ ...row, ...change }))).toThrow(RowError);
});

it('refuses what is no object', () => {
  for (const text of ['null', '[]', '"text"', '{}']) expect(() => readRow(stored, text)).toThrow(RowError);
});
