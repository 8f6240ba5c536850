import { expect, it } from 'vitest';
import { makeLoginHint, readLoginHint } from './login-hint.ts';

const userPrincipalName = 'sales@contoso.onmicrosoft.com';

it('understands the claim that it made', () => {
  const hint = makeLoginHint({ userPrincipalName });
  expect(hint).not.toContain('sales');
  expect(readLoginHint(hint)).toBe(userPrincipalName);
});

it.each([userPrincipalName, 'Alex', 'O.', '', 'Ty5', '%$§'])('leaves the typed name %j as it is', (typed) => {
  expect(readLoginHint(typed)).toBe(typed);
});
