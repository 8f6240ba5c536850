import { expect, it } from 'vitest';
import {
  flagField,
  listField,
  nullableTextField,
  numberField,
  objectField,
  optionalObjectField,
  optionalTextField,
  parseStored,
  textField,
  textsField,
  wordField,
} from './stored-fields.ts';

const fields = parseStored(
  '{"text":"a","number":1,"flag":true,"list":["a",1],"texts":["a"],"none":null,"inner":{"text":"b"}}',
);

it('reads each field by its kind', () => {
  expect([
    textField(fields, 'text'),
    numberField(fields, 'number'),
    flagField(fields, 'flag'),
    wordField(fields, 'text', ['b', 'a']),
    listField(fields, 'list'),
    textsField(fields, 'texts'),
    nullableTextField(fields, 'none'),
    textField(objectField(fields, 'inner'), 'text'),
  ]).toEqual(['a', 1, true, 'a', ['a', 1], ['a'], null, 'b']);
});

it('gives what is left out as such', () => {
  expect([
    optionalTextField(fields, 'missing'),
    optionalObjectField(fields, 'missing'),
    flagField(fields, 'missing'),
  ]).toEqual([undefined, undefined, false]);
});

it.each([
  () => textField(fields, 'missing'),
  () => textField(fields, 'number'),
  () => nullableTextField(fields, 'missing'),
  () => numberField(fields, 'text'),
  () => flagField(fields, 'text'),
  () => wordField(fields, 'text', ['b']),
  () => listField(fields, 'text'),
  () => textsField(fields, 'list'),
  () => objectField(fields, 'list'),
  () => parseStored('[]'),
])('refuses a field of another kind (%#)', (read) => {
  expect(read).toThrow('The directory holds JSON in which');
});
