import { expect, it } from 'vitest';
import { guidPattern, isGuid } from './guid.ts';

it.each([
  ['00000007-0000-0000-c000-000000000000', 'without a version'],
  ['c44b4083-3bb0-49c1-b47d-974e53cbdf3c', 'of version 4'],
  ['C44B4083-3BB0-49C1-B47D-974E53CBDF3C', 'in upper case'],
])('takes %s, a GUID %s', (text) => {
  expect(isGuid(text)).toBe(true);
});

it.each([
  ['', 'nothing'],
  ['contoso.com', 'a domain'],
  ['c44b40833bb049c1b47d974e53cbdf3c', 'no dashes'],
  ['{c44b4083-3bb0-49c1-b47d-974e53cbdf3c}', 'braces'],
  ['c44b4083-3bb0-49c1-b47d-974e53cbdf3', 'a digit too few'],
  ['c44b4083-3bb0-49c1-b47d-974e53cbdf3c0', 'a digit too many'],
  ['g44b4083-3bb0-49c1-b47d-974e53cbdf3c', 'a letter that is no digit'],
  ['c44b4083-3bb0-49c1-b47d-974e53cbdf3c\n', 'a line break after it'],
  [' c44b4083-3bb0-49c1-b47d-974e53cbdf3c', 'a blank before it'],
])('refuses %j: %s', (text) => {
  expect(isGuid(text)).toBe(false);
});

it('gives the pattern to be found within a larger text', () => {
  const url = 'https://login.microsoftonline.com/c44b4083-3bb0-49c1-b47d-974e53cbdf3c/v2.0';
  expect(url.match(new RegExp(guidPattern))?.[0]).toBe('c44b4083-3bb0-49c1-b47d-974e53cbdf3c');
});
