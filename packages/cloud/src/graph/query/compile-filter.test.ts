import { expect, it } from 'vitest';
import { compileFilter, parseFilter } from './compile-filter.ts';

const type = {
  name: 'application',
  properties: ['appId', 'displayName', 'tags', 'isOpen', 'web', 'notes', 'createdAt'],
};
const object = {
  appId: '5b31c38c-2584-42f0-aa47-657fb3a84230',
  displayName: "Contoso's CRM",
  tags: ['one', 'two'],
  createdAt: '2026-01-15T10:00:00.000Z',
  isOpen: true,
  notes: null,
  web: { homePageUrl: 'https://contoso.example' },
};

it.each([
  ["displayName eq 'contoso''s crm'", true],
  ["displayName eq 'other'", false],
  ["appId eq '5B31C38C-2584-42F0-AA47-657FB3A84230'", true],
  ["startswith(displayName,'contoso')", true],
  ["startsWith(displayName,'crm')", false],
  ["displayName EQ 'x' Or (isOpen Eq true AND createdAt GE 2026-01-15)", true],
  ["tags/Any(t:t EQ 'two') AND displayName IN ('EQ','Contoso''s CRM')", true],
  ["displayName eq 'AND'", false],
  ["StartsWith(displayName,'EQ')", false],
  ["displayName eq 'x' or isOpen eq true", true],
  ["displayName eq 'x' and isOpen eq true", false],
  ["displayName in ('x','Contoso''s CRM')", true],
  ["tags/any(t:t eq 'two')", true],
  ["tags/any(t:startswith(t,'three'))", false],
  ["web/homePageUrl eq 'https://contoso.example'", true],
  ['notes eq null', true],
  ['isOpen', true],
  ['createdAt ge 2026-01-15T10:00:00Z', true],
  ['createdAt le 2026-01-14', false],
  ["displayName ge 'CONTOSO'", true],
  ["displayName le 'b'", false],
  ["notes ge ''", false],
])('%s is %s', (filter, expected) => {
  expect(compileFilter(parseFilter(filter), type, false)(object)).toBe(expected);
});

it.each([
  ["displayName ne 'x'", true],
  ["not(displayName eq 'x')", true],
  ["endswith(displayName,'crm')", true],
  ["NOT(displayName NE 'contoso''s crm') And EndsWith(displayName,'crm')", true],
  ['tags/$count eq 2', true],
  ['web/$count ne 0', false],
])('%s needs an advanced query', (filter, expected) => {
  expect(() => compileFilter(parseFilter(filter), type, false)).toThrow('ConsistencyLevel: eventual');
  expect(compileFilter(parseFilter(filter), type, true)(object)).toBe(expected);
});

it.each([
  ['displayName eq', 'Invalid filter clause'],
  ["colour eq 'red'", "Could not find a property named 'colour'"],
  ["contains(displayName,'x')", 'Unsupported or invalid query filter clause'],
  ['displayName add 1 eq 2', 'Unsupported or invalid query filter clause'],
  ['displayName ge 5', 'Unsupported or invalid query filter clause'],
  ["'a' eq displayName", 'Unsupported or invalid query filter clause'],
  ['', 'Invalid filter clause'],
])('refuses %s', (filter, message) => {
  expect(() => compileFilter(parseFilter(filter), type, false)).toThrow(message);
});
