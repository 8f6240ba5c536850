import { UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { readTokenFacts } from './read-token-facts.ts';

const jwt = (claims: Record<string, unknown>) => new UnsecuredJWT(claims).encode();

describe('readTokenFacts', () => {
  it('reads the claims of a v1 token', () => {
    const token = jwt({
      aud: 'https://contoso.crm4.dynamics.com/',
      tid: 'tenant',
      appid: 'client',
      upn: 'alice@contoso.example',
      oid: 'object',
      scp: 'user_impersonation other',
      ver: '1.0',
      iat: 1_700_000_000,
      exp: 1_700_003_600,
    });
    expect(readTokenFacts(token)).toEqual({
      audience: 'https://contoso.crm4.dynamics.com/',
      tenantId: 'tenant',
      clientId: 'client',
      user: 'alice@contoso.example',
      objectId: 'object',
      scopes: ['user_impersonation', 'other'],
      roles: [],
      tokenVersion: '1.0',
      issuedAt: 1_700_000_000_000,
      expiresAt: 1_700_003_600_000,
    });
  });

  it('reads v2’s names of the same claims', () => {
    const facts = readTokenFacts(
      jwt({ azp: 'client', preferred_username: 'alice@contoso.example', ver: '2.0' }),
    );
    expect(facts).toMatchObject({ clientId: 'client', user: 'alice@contoso.example', tokenVersion: '2.0' });
  });

  it('reads the roles of an application’s token', () => {
    expect(readTokenFacts(jwt({ roles: ['One', 2, 'Two'] }))).toMatchObject({
      roles: ['One', 'Two'],
      scopes: [],
    });
  });

  it('takes claims of the wrong type for missing', () => {
    const facts = readTokenFacts(jwt({ tid: 7, scp: ['a'], oid: '', roles: 'x' }));
    expect(facts).toMatchObject({ tenantId: null, scopes: [], objectId: null, roles: [], expiresAt: null });
  });

  it.each(['', 'opaque', 'a.b.c', 'eyJhbGciOiJub25lIn0..'])('is null for what is no JWT: %j', (text) => {
    expect(readTokenFacts(text)).toBeNull();
  });
});
