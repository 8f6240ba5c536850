import { expect, it } from 'vitest';
import { nationalClouds } from './national-clouds.ts';

it('every address of a cloud is an https origin without a slash', () => {
  for (const cloud of Object.values(nationalClouds)) {
    const addresses = [cloud.authority, cloud.graph, ...cloud.authorityAliases, ...cloud.globalDiscovery];
    for (const address of addresses) expect(new URL(address).origin).toBe(address);
    for (const address of addresses) expect(address).toMatch(/^https:/);
  }
});

it('a region host belongs to one cloud only', () => {
  const hosts = [
    ['crm.dynamics.com', 'global'],
    ['crm9.dynamics.com', 'global'],
    ['crm123.dynamics.com', 'global'],
    ['crm.microsoftdynamics.us', 'usgov'],
    ['crm.appsplatform.us', 'usgov-dod'],
    ['crm.dynamics.cn', 'china'],
  ] as const;
  for (const [host, name] of hosts) {
    const owners = Object.values(nationalClouds).filter((cloud) => cloud.crmRegionHost.test(host));
    expect(owners.map((cloud) => cloud.name)).toEqual([name]);
  }
});
