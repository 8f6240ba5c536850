import { expect, it } from 'vitest';
import { parseFilter } from './compile-filter.ts';
import { fixedProperties } from './fixed-properties.ts';

it.each([
  ["appId eq 'a'", { appid: 'a' }],
  ["displayName eq 'b' and accountEnabled eq true", { displayname: 'b' }],
  ["startswith(displayName,'x') and (id eq 'c' and appId eq 'd')", { id: 'c', appid: 'd' }],
  ["appId eq 'a' or displayName eq 'b'", {}],
  ["appId ne 'a'", {}],
  ["not(appId eq 'a')", {}],
  ["web/homePageUrl eq 'https://contoso.example'", {}],
  ["tags/any(t:t eq 'a')", {}],
])('%s fixes %o', (filter, expected) => {
  expect(Object.fromEntries(fixedProperties(parseFilter(filter)))).toEqual(expected);
});
