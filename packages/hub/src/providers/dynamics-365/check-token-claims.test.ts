import { describe, expect, it } from 'vitest';
import type { TokenClaims } from '../provider.ts';
import { checkTokenClaims } from './check-token-claims.ts';

const environmentUrl = 'https://contoso.crm4.dynamics.com';
const tenantId = '11111111-2222-4333-8444-555555555555';

const facts: TokenClaims = { audience: environmentUrl, tenantId, scopes: ['user_impersonation'] };
const expected = { environmentUrl, tenantId, delegated: true };

describe('checkTokenClaims', () => {
  it.each([
    environmentUrl,
    `${environmentUrl}/`,
    'https://contoso.api.crm4.dynamics.com/',
    'HTTPS://Contoso.crm4.dynamics.com',
    '00000007-0000-0000-c000-000000000000',
    'spn:00000007-0000-0000-c000-000000000000',
  ])('takes a token for %s', (audience) => {
    expect(checkTokenClaims({ ...facts, audience }, expected)).toBeNull();
  });

  it.each([
    'https://fabrikam.crm4.dynamics.com',
    'https://contoso.crm.dynamics.com',
    'http://contoso.crm4.dynamics.com',
    'https://contoso.crm4.dynamics.com/other',
    'https://contoso.crm4.dynamics.com.evil.example',
    'https://graph.microsoft.com',
    '00000003-0000-0000-c000-000000000000',
    null,
  ])('refuses a token for %s', (audience) => {
    expect(checkTokenClaims({ ...facts, audience }, expected)).toContain(
      `it has to be for ${environmentUrl}`,
    );
  });

  it.each(['00000007-0000-0000-C000-000000000000', 'https://contoso.crm4.dynamics.com//'])(
    'takes a token for %s, too',
    (audience) => {
      expect(checkTokenClaims({ ...facts, audience }, expected)).toBeNull();
    },
  );

  it.each([
    'https://contoso.crm4.dynamics.com/?x=1',
    'https://contoso.crm4.dynamics.com/#x',
    'x-spn:00000007-0000-0000-c000-000000000000',
    'https://evil.contoso.api.crm4.dynamics.com',
    'contoso.crm4.dynamics.com',
  ])('refuses a token for %s, too', (audience) => {
    expect(checkTokenClaims({ ...facts, audience }, expected)).toContain('it has to be for');
  });

  it('says what is known of a token that says little', () => {
    expect(checkTokenClaims({ ...facts, audience: null }, expected)).toContain('for nothing;');
    expect(checkTokenClaims({ ...facts, tenantId: null }, expected)).toContain('of the tenant unknown;');
    expect(checkTokenClaims({ ...facts, scopes: ['A', 'B'] }, expected)).toContain('it has A, B.');
  });

  it.each([
    ['a GUID in capitals', tenantId.toUpperCase()],
    ['no GUID, for all that is in it', `x${tenantId}`],
    ['no GUID, for all that is behind it', `${tenantId}.example`],
  ])('compares tenants by their GUID: %s', (_case, tenant) => {
    expect(checkTokenClaims(facts, { ...expected, tenantId: tenant })).toBeNull();
    const other = { ...facts, tenantId: '99999999-2222-4333-8444-555555555555' };
    const isGuid = tenant.length === tenantId.length;
    expect(checkTokenClaims(other, { ...expected, tenantId: tenant }) !== null).toBe(isGuid);
  });

  it('refuses what is no JWT', () => {
    expect(checkTokenClaims(null, expected)).toContain('no JWT');
  });

  it('refuses a token of another tenant, once the tenant is known by its GUID (lesson 7)', () => {
    const other = { ...facts, tenantId: '99999999-2222-4333-8444-555555555555' };
    expect(checkTokenClaims(other, expected)).toContain('The token is of the tenant 99999999');
    expect(checkTokenClaims(other, { ...expected, tenantId: 'contoso.onmicrosoft.com' })).toBeNull();
    expect(checkTokenClaims(other, { ...expected, tenantId: null })).toBeNull();
  });

  it('refuses a person’s token without user_impersonation', () => {
    const lacking = { ...facts, scopes: ['User.Read'] };
    expect(checkTokenClaims(lacking, expected)).toContain('lacks the permission user_impersonation');
    expect(checkTokenClaims(lacking, { ...expected, delegated: false })).toContain('lacks the permission');
  });

  it('takes an application’s token, which has no scope, where no person has to sign in', () => {
    const ofApplication = { ...facts, scopes: [] };
    expect(checkTokenClaims(ofApplication, { ...expected, delegated: false })).toBeNull();
    expect(checkTokenClaims(ofApplication, expected)).toContain('it has none');
  });
});
