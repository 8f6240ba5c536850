import { scopes, scopeTable } from '@latchkey/api';
import { expect, it } from 'vitest';
import { allScopes, describeScopes, scopeWords } from './scope-words.ts';

it('says of each scope what the API says', () => {
  expect(allScopes).toEqual(scopes);
  for (const scope of scopes) expect(scopeWords[scope]).toBe(scopeTable[scope].means);
});

it.each([
  [scopes, 'Everything'],
  [[], 'Nothing'],
  [['connections:token'], 'Get access tokens'],
  [['connections:proxy-read'], 'Read from the CRM'],
  [['connections:proxy-read', 'connections:proxy'], 'Call the CRM'],
  [['connections:token', 'connections:proxy-read'], 'connections:token, connections:proxy-read'],
] as const)('tells %j in a few words', (some, words) => {
  expect(describeScopes(some)).toBe(words);
});
