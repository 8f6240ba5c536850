import { expect, test } from 'vitest';
import { makeLoginHint, readLoginHint } from './login-hint.ts';

const userPrincipalName = 'sales@contoso.onmicrosoft.com';

test('understands the claim that it made', () => {
  const hint = makeLoginHint({ userPrincipalName });
  expect(hint).not.toContain('sales');
  expect(readLoginHint(hint)).toBe(userPrincipalName);
});

test.each([userPrincipalName, 'Alex', 'O.', '', 'Ty5', '%$§'])(
  'leaves the typed name %j as it is',
  (typed) => {
    expect(readLoginHint(typed)).toBe(typed);
  },
);
