import { describe, expect, it } from 'vitest';
import { checkRegistration, emptyRegistration, toCreateRegistration } from './registration-draft.ts';

describe('check', () => {
  it('passes the form as it opens', () => {
    expect(checkRegistration(emptyRegistration)).toEqual({});
  });

  it('wants a name', () => {
    expect(checkRegistration({ ...emptyRegistration, name: '  ' })).toHaveProperty('name');
  });

  it.each([0, 731, 1.5, '', 'a year'])('refuses a secret of %j days', (secretLifetimeDays) => {
    expect(checkRegistration({ ...emptyRegistration, secretLifetimeDays })).toHaveProperty(
      'secretLifetimeDays',
    );
  });
});

describe('body', () => {
  it('leaves the tenant to the administrator who signs in, unless one is named', () => {
    expect(toCreateRegistration(emptyRegistration)).toEqual({
      kind: 'created',
      name: 'Latchkey for Dynamics 365',
      signInAudience: 'AzureADMyOrg',
      administratorSignIn: 'browser',
      credential: 'secret',
      automaticRotation: false,
      secretLifetimeDays: 365,
    });
    expect(
      toCreateRegistration({ ...emptyRegistration, tenantId: ' contoso.onmicrosoft.com ' }),
    ).toMatchObject({
      tenantId: 'contoso.onmicrosoft.com',
    });
  });
});
