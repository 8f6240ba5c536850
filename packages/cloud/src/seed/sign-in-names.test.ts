import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../start-local-cloud.ts';
import { readObject } from '../testing/read-json.ts';
import { readSeed } from './read-seed.ts';

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const graphService = 'https://graph.microsoft.com';
const domain = 'fabrikam.onmicrosoft.com';
const punycodeDomain = 'xn--bcher-kva.xn--p1ai';
const names = [
  `O'Neill@${domain}`,
  `ada+crm@${domain}`,
  `ada_contoso.com#EXT#@${domain}`,
  `ADA.BYRON@${domain.toUpperCase()}`,
  `a!b^c~d-e@${domain}`,
  `x@${punycodeDomain}`,
];

let cloud: LocalCloud;
beforeAll(async () => {
  const users = names.map((userPrincipalName) => ({ userPrincipalName }));
  cloud = await startLocalCloud({
    seed: { tenants: [{ displayName: 'Fabrikam', domains: [domain, punycodeDomain], users }] },
  });
});
afterAll(() => cloud.close());

describe.each(names)('%s', (name) => {
  it('signs in', async () => {
    const answer = await fetch(`${cloud.entra.http}/${domain}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        client_id: azureCli,
        username: name,
        password: 'Pass@word1',
        scope: `${graphService}/User.Read`,
      }),
    });
    expect([answer.status, readObject(await answer.text())]).toEqual([
      200,
      expect.objectContaining({ token_type: 'Bearer' }),
    ]);
  });

  it('is a key of Graph', async () => {
    const token = await cloud.issueToken({ resource: graphService, user: name, scopes: ['User.Read.All'] });
    const answer = await fetch(`${cloud.graph.http}/v1.0/users/${encodeURIComponent(name)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(readObject(await answer.text())).toMatchObject({ userPrincipalName: name.toLowerCase() });
  });
});

it.each([
  'ada',
  `ada@`,
  `@${domain}`,
  `a b@${domain}`,
  `ada.@${domain}`,
  `a..b@${domain}`,
  `a@b@${domain}`,
  'ada@bücher.example',
  'ada@-.example',
  `${'a'.repeat(310)}@${domain}`,
])('is no sign-in name: %s', async (userPrincipalName) => {
  const tenant = { displayName: 'F', domains: [domain, 'bücher.example'], users: [{ userPrincipalName }] };
  await expect(readSeed({ tenants: [tenant] })).rejects.toThrow('tenants.0.users.0.userPrincipalName');
});
