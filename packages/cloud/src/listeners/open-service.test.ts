import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../start-local-cloud.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await startLocalCloud();
});
afterAll(() => cloud.close());

it.each([
  '/common/UserRealm/Admin@contoso.onmicrosoft.com?api-version=1.0',
  '/Contoso.onmicrosoft.com/V2.0/.well-known/OpenID-Configuration',
  '/COMMON/Discovery/Keys',
])('takes paths of the sign-in service in any case: %s', async (path) => {
  expect((await fetch(`${cloud.entra.http}${path}`)).status).toBe(200);
});

it('dates the answers of the sign-in service by the clock that its tokens are made by', async () => {
  const year = 366 * 24 * 3_600_000;
  cloud.clock.advance(year);
  const { headers } = await fetch(`${cloud.entra.http}/common/discovery/keys`);
  const ahead = Date.parse(headers.get('date') ?? '') - cloud.clock.now();
  cloud.clock.advance(-year);
  expect(Math.abs(ahead)).toBeLessThan(60_000);
});

it('keeps names in paths of the sign-in service as they were written', async () => {
  const response = await fetch(`${cloud.entra.http}/Common/UserRealm/Nobody@Fabrikam.com`);
  expect(await response.json()).toMatchObject({ domain_name: 'Fabrikam.com' });
});

it('takes paths of Graph in any case, and keeps keys as they were written', async () => {
  for (const path of ['/v1.0/Me', '/V1.0/servicePrincipals', "/v1.0/ServicePrincipals(appId='x')/AppRoles"]) {
    expect([path, (await fetch(`${cloud.graph.http}${path}`)).status]).toEqual([path, 401]);
  }
});
