import { UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { readTokenFacts, storedTokenFactsSchema } from './read-token-facts.ts';

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

  it.each([
    [{ upn: 'a', preferred_username: 'b', unique_name: 'c' }, 'a'],
    [{ preferred_username: 'b', unique_name: 'c' }, 'b'],
    [{ unique_name: 'c' }, 'c'],
    [{ upn: '', unique_name: 'c' }, 'c'],
    [{}, null],
  ])('names the person by the best name there is: %o', (claims, user) => {
    expect(readTokenFacts(jwt(claims))?.user).toBe(user);
  });

  it('takes the app of v1 before that of v2', () => {
    expect(readTokenFacts(jwt({ appid: 'one', azp: 'two' }))?.clientId).toBe('one');
  });

  it('takes the first of several audiences', () => {
    expect(readTokenFacts(jwt({ aud: ['one', 'two'] }))?.audience).toBe('one');
    expect(readTokenFacts(jwt({ aud: [] }))?.audience).toBeNull();
  });

  it('finds no empty scope between two blanks', () => {
    expect(readTokenFacts(jwt({ scp: ' one  two ' }))?.scopes).toEqual(['one', 'two']);
  });

  it('keeps facts as they can be stored and read again', () => {
    const facts = readTokenFacts(jwt({ aud: 'crm', scp: 'one', roles: ['r'], iat: 1, exp: 2 }));
    expect(storedTokenFactsSchema.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
    expect(storedTokenFactsSchema.safeParse({ ...facts, scopes: 'one' }).success).toBe(false);
  });

  it('takes a time that never comes for missing', () => {
    const claims = Buffer.from('{"iat":1,"exp":1e999}').toString('base64url');
    expect(readTokenFacts(`e30.${claims}.`)).toMatchObject({ issuedAt: 1000, expiresAt: null });
  });

  it('takes a time that is no number for missing', () => {
    expect(readTokenFacts(jwt({ iat: '1700000000', exp: 'soon' }))).toMatchObject({
      issuedAt: null,
      expiresAt: null,
    });
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
