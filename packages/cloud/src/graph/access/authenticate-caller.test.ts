import { wellKnownIds } from '@latchkey/microsoft';
import { beforeEach, expect, it } from 'vitest';
import { findUserByName } from '../../directory/users.ts';
import { applySeed } from '../../seed/apply-seed.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
beforeEach(async () => {
  graph = await openGraph();
});

it('knows nobody of another tenant', async () => {
  const { directory } = graph.context;
  const ada = 'ada@fabrikam.onmicrosoft.com';
  applySeed(directory, {
    tenants: [
      {
        displayName: 'Fabrikam',
        domains: ['fabrikam.onmicrosoft.com'],
        users: [{ userPrincipalName: ada, directoryRoles: ['Global Administrator'] }],
      },
    ],
  });
  const { id: oid } = findUserByName(directory, ada) ?? {};
  const token = await graph.personToken('admin', 'User.Read', { oid, sub: oid });
  const { status, body } = await graph.call(token, 'GET', '/me');
  expect([status, body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
  expect(body.error.message).toContain(`'${oid}' is not in the directory`);
});

const issuedAt = () => Math.floor(graph.clock.now() / 1000);

it.each<[string, () => object]>([
  ['the GUID of Graph', () => ({ aud: '00000003-0000-0000-c000-000000000000' })],
  ['its address with a slash', () => ({ aud: 'https://graph.microsoft.com/' })],
  ['its address in the cloud of the government', () => ({ aud: 'https://graph.microsoft.us' })],
  ['its listener', () => ({ aud: 'http://localhost:4482' })],
  ['its HTTPS listener with a slash', () => ({ aud: 'https://localhost:4492/' })],
  ['an issuer of v2', () => ({ iss: `http://localhost:4481/${graph.tenantId}/v2.0` })],
  ['a beginning in five minutes, as clocks differ', () => ({ nbf: issuedAt() + 300 })],
  ['an end in a second', () => ({ exp: issuedAt() + 1 })],
])('takes a token with %s', async (_what, claims) => {
  const token = await graph.personToken('admin', 'User.Read', claims());
  expect((await graph.call(token, 'GET', '/me')).status).toBe(200);
});

it.each<[string, () => object, string]>([
  ['for another API', () => ({ aud: 'https://contoso.crm4.dynamics.com' }), 'Invalid audience'],
  ['for no API', () => ({ aud: '' }), 'Invalid audience'],
  ['of another issuer', () => ({ iss: 'https://sts.windows.net/other/' }), 'Invalid issuer'],
  ['that ends now', () => ({ exp: issuedAt() }), 'expired or is not yet valid'],
  ['that begins later than clocks differ', () => ({ nbf: issuedAt() + 301 }), 'expired or is not yet valid'],
  ['without an end', () => ({ exp: undefined }), 'CompactToken parsing failed'],
  ['whose end is text', () => ({ exp: '9999999999' }), 'CompactToken parsing failed'],
  ['without a person', () => ({ oid: undefined }), 'CompactToken parsing failed'],
  ['of nobody here', () => ({ oid: wellKnownIds.microsoftGraph }), 'is not in the directory'],
  [
    'of an app that is not here',
    () => ({ scp: undefined, roles: ['User.Read.All'] }),
    'is not in the directory',
  ],
])('refuses a token %s', async (_what, claims, message) => {
  const token = await graph.personToken('admin', 'User.Read', claims());
  const { status, body } = await graph.call(token, 'GET', '/me');
  expect([status, body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
  expect(body.error.message).toContain(message);
});

it('reads the scheme in any letters and with blanks around the token', async () => {
  const token = await graph.personToken('admin', 'User.Read');
  for (const authorization of [`bearer ${token}`, `BEARER   ${token} `]) {
    expect((await graph.inject({ url: '/v1.0/me', headers: { authorization } })).status).toBe(200);
  }
  for (const authorization of [`Bearer${token}`, `Bearer ${token} x`, `x Bearer ${token}`]) {
    const { status, body } = await graph.inject({ url: '/v1.0/me', headers: { authorization } });
    expect([status, body.error.message]).toEqual([401, 'Access token is empty.']);
  }
});
