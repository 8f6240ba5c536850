import { expect, it } from 'vitest';
import { parseScope } from './parse-scope.ts';

const org = 'https://contoso.crm4.dynamics.com';
const graph = '00000003-0000-0000-c000-000000000000';

it.each([
  [`${org}/user_impersonation`, org, 'user_impersonation'],
  [`${org}//user_impersonation`, `${org}/`, 'user_impersonation'],
  [`${org}//.default`, `${org}/`, '.default'],
  ['00000007-0000-0000-c000-000000000000/.default', '00000007-0000-0000-c000-000000000000', '.default'],
  ['User.Read', graph, 'User.Read'],
  ['https://graph.microsoft.com/User.Read', 'https://graph.microsoft.com', 'User.Read'],
  ['api://12345/access', 'api://12345', 'access'],
])('%s', (text, resource, value) => {
  expect(parseScope(text).scopes).toEqual([{ resource, value, text }]);
});

it('sets the sign-in scopes apart, also when written as scopes of Graph', () => {
  const { signIn, scopes } = parseScope(
    `openid  https://graph.microsoft.com/email offline_access ${org}/.default`,
  );
  expect([...signIn]).toEqual(['openid', 'email', 'offline_access']);
  expect(scopes).toHaveLength(1);
});

it.each([`${org}/`, '/x'])('refuses %s, which names no scope', (text) => {
  expect(() => parseScope(text)).toThrow('is not valid');
});
