import { describe, expect, it } from 'vitest';
import { createRegistrationSchema } from './registrations.ts';

const creation = { kind: 'created', name: 'Latchkey', administratorSignIn: 'browser' };

function problems(body: object): string[] {
  const { error } = createRegistrationSchema.safeParse(body);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a registration to be made', () => {
  it('has the portal’s defaults: this organization alone, the administrator’s tenant, a secret of a year', () => {
    expect(createRegistrationSchema.parse(creation)).toEqual({
      ...creation,
      signInAudience: 'AzureADMyOrg',
      tenantId: 'organizations',
      automaticRotation: false,
      credential: 'secret',
      secretLifetimeDays: 365,
    });
  });

  it('has a name of at most 90 characters where personal accounts may sign in', () => {
    const signInAudience = 'AzureADandPersonalMicrosoftAccount';
    expect(problems({ ...creation, signInAudience, name: 'n'.repeat(90) })).toEqual([]);
    expect(problems({ ...creation, signInAudience, name: 'n'.repeat(91) })).toEqual([
      'name: At most 90 characters where personal accounts may sign in.',
    ]);
    expect(problems({ ...creation, name: 'n'.repeat(120) })).toEqual([]);
    expect(problems({ ...creation, name: 'n'.repeat(121) })).toHaveLength(1);
  });

  it('has a redirect URI that Microsoft Entra ID takes', () => {
    expect(problems({ ...creation, redirectUri: 'http://latchkey.example.com/callback' })).toEqual([
      'redirectUri: A redirect URI begins with https://; only http://localhost may do without.',
    ]);
  });

  it.each([0, 731, 1.5])('has no secret of %d days', (secretLifetimeDays) => {
    expect(problems({ ...creation, secretLifetimeDays })).toHaveLength(1);
  });

  it.each([1, 730])('may have a secret of %d days', (secretLifetimeDays) => {
    expect(problems({ ...creation, secretLifetimeDays })).toEqual([]);
  });
});

describe('an adopted registration', () => {
  const adoption = {
    kind: 'adopted',
    name: 'Latchkey',
    tenantId: 'Contoso.onmicrosoft.com',
    clientId: '2A28842F-DCE7-4A7C-8831-FA5F3F038F26',
  };

  it('is kept in the spelling that Microsoft uses: lower case', () => {
    expect(createRegistrationSchema.parse(adoption)).toMatchObject({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: '2a28842f-dce7-4a7c-8831-fa5f3f038f26',
    });
  });

  it('names its tenant: organizations is none', () => {
    expect(problems({ ...adoption, tenantId: 'organizations' })).toHaveLength(1);
  });

  it.each(['2027-11-22', '2027-11-22T10:00:00+01:00'])('has a secret that ends %s', (clientSecretEndsAt) => {
    expect(problems({ ...adoption, clientSecretEndsAt })).toEqual([]);
  });

  it.each(['1969-12-31', '0001-01-01T00:00:00Z'])('has no secret that ended %s', (clientSecretEndsAt) => {
    expect(problems({ ...adoption, clientSecretEndsAt })).toEqual([
      'clientSecretEndsAt: No secret ended before 1970.',
    ]);
  });

  it('takes no field that it does not know', () => {
    expect(problems({ ...adoption, clientsecret: 'typo' })).toHaveLength(1);
  });
});
