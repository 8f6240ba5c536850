import { dataverseErrors } from '@latchkey/microsoft';
import { expect, it } from 'vitest';
import { explainRefusal } from './explain-refusal.ts';

function remedyOf(code: string): string | undefined {
  const body = JSON.stringify({ error: { code, message: 'Refused.' } });
  return explainRefusal({ status: 403, headers: {}, body }).options.remedy;
}

it('names the hub’s own way where the environment knows no user, after what is done there by hand', () => {
  expect(remedyOf(dataverseErrors.userNotMemberOfOrganization)).toMatch(
    /^In the Power Platform admin center .* choose "Connect as the app itself" on its page\.$/,
  );
  expect(remedyOf(dataverseErrors.userNotAssignedRoles)).not.toContain('Connect as the app itself');
});
