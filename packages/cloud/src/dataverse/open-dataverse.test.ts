import { afterEach, beforeEach, expect, it } from 'vitest';
import { findUserByName } from '../directory/users.ts';
import { restoreSnapshot, takeSnapshot } from '../seed/snapshot.ts';
import { textWith } from '../testing/expected.ts';
import {
  crmOrigin,
  fabrikamOrigin,
  openTestCrm,
  root,
  type TestCrm,
  twoTenants,
} from './testing/open-test-crm.ts';

let crm: TestCrm;
beforeEach(async () => {
  crm = await openTestCrm({ seed: twoTenants });
});
afterEach(() => crm.close());

/** A token of somebody in Fabrikam. */
function fabrikamToken(claims: Record<string, unknown> = {}, name = 'ada@fabrikam.onmicrosoft.com') {
  const user = findUserByName(crm.context.directory, name);
  const tid = user?.tenantId;
  return crm.token({
    iss: `https://sts.windows.net/${tid}/`,
    tid,
    oid: user?.id,
    aud: fabrikamOrigin,
    ...claims,
  });
}

async function callFabrikam(path: string, { origin = fabrikamOrigin, claims = {} } = {}) {
  return crm.get(path, {
    'x-came-by': origin,
    authorization: `Bearer ${await fabrikamToken(claims)}`,
  });
}

it.each([
  [fabrikamOrigin, { aud: fabrikamOrigin }],
  [fabrikamOrigin, { aud: 'https://fabrikam.crm4.dynamics.com' }],
  ['https://fabrikam.crm4.dynamics.com', {}],
  ['https://fabrikam.api.crm4.dynamics.com', { aud: 'https://fabrikam.crm4.dynamics.com/' }],
  ['https://fabrikam-gov.crm9.dynamics.com', { aud: 'https://fabrikam-gov.crm9.dynamics.com' }],
])('serves the second tenant’s environments at %s', async (origin, claims) => {
  const answer = await callFabrikam('WhoAmI', { origin, claims });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()['@odata.context']).toContain(`${origin}${root}/$metadata`);
});

it('gives each environment an organization, people and rows of its own', async () => {
  const [contoso, fabrikam] = [await crm.get('WhoAmI'), await callFabrikam('WhoAmI')];
  expect(fabrikam.json().OrganizationId).not.toBe(contoso.json().OrganizationId);
  expect(fabrikam.json().UserId).not.toBe(contoso.json().UserId);
  await crm.call('POST', 'accounts', { body: { name: 'Only in Contoso' } });
  const search = "accounts?$select=name&$filter=name eq 'Only in Contoso'";
  expect((await crm.get(search)).json().value).toHaveLength(1);
  expect((await callFabrikam(search)).json().value).toHaveLength(0);
  const people = (await callFabrikam('systemusers?$select=domainname')).json().value;
  expect(people.map(({ domainname }) => domainname)).toEqual(
    expect.arrayContaining(['ada@fabrikam.onmicrosoft.com', 'bob@fabrikam.onmicrosoft.com']),
  );
  expect(JSON.stringify(people)).not.toContain('contoso');
});

it('challenges with the tenant and the address of the environment', async () => {
  const answer = await crm.app.inject({ url: `${root}/WhoAmI`, headers: { 'x-came-by': fabrikamOrigin } });
  const tenantId = findUserByName(crm.context.directory, 'ada@fabrikam.onmicrosoft.com')?.tenantId;
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['www-authenticate']).toBe(
    `Bearer authorization_uri=http://localhost:4481/${tenantId}/oauth2/authorize, resource_id=${fabrikamOrigin}/`,
  );
});

it('takes no token of another environment or tenant', async () => {
  for (const aud of [
    crmOrigin,
    'https://contoso.crm4.dynamics.com',
    'https://fabrikam-gov.crm9.dynamics.com',
  ]) {
    expect((await callFabrikam('WhoAmI', { claims: { aud } })).statusCode).toBe(401);
  }
  const { tenantId } = crm;
  const ofContoso = await crm.token({ aud: fabrikamOrigin, tid: tenantId });
  const answer = await crm.get('WhoAmI', {
    'x-came-by': fabrikamOrigin,
    authorization: `Bearer ${ofContoso}`,
  });
  expect(answer.statusCode).toBe(401);
});

it('is not there for an environment that a reset takes away, and comes back with a snapshot', async () => {
  const { directory } = crm.context;
  await callFabrikam('WhoAmI');
  const withFabrikam = takeSnapshot(directory);
  directory.replaceAll(() => directory.db.exec("DELETE FROM environments WHERE url_name <> 'contoso'"));
  expect((await callFabrikam('WhoAmI')).statusCode).toBe(404);
  expect((await crm.get('WhoAmI')).statusCode).toBe(200);
  restoreSnapshot(directory, withFabrikam);
  expect((await callFabrikam('WhoAmI')).statusCode).toBe(200);
});

it('lets pages of other origins ask before they send', async () => {
  const asked = {
    origin: 'http://localhost:3000',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization,odata-version',
  };
  const preflight = await crm.app.inject({ method: 'OPTIONS', url: `${root}/accounts`, headers: asked });
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': 'http://localhost:3000',
    'access-control-allow-headers': 'authorization,odata-version',
    'access-control-allow-methods': textWith('PATCH'),
  });
  const answer = await crm.get('WhoAmI', { origin: 'http://localhost:3000' });
  expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:3000');
});
