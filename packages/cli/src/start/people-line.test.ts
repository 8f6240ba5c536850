import { startLocalCloud } from '@latchkey/cloud';
import { expect, it } from 'vitest';
import { peopleLine } from './people-line.ts';

const environments = [{ urlName: 'fabrikam' }];

it('names Contoso’s people where there are no others', async () => {
  await using cloud = await startLocalCloud();
  expect(peopleLine(cloud, false)).toBe(
    '  people          admin@contoso.onmicrosoft.com, sales@contoso.onmicrosoft.com, nolicence@contoso.onmicrosoft.com, grady@outlook.example; password Pass@word1',
  );
});

it('names the people of the seed in place of Contoso’s, but for those who are disabled', async () => {
  const users = [
    { userPrincipalName: 'ada@fabrikam.com' },
    { userPrincipalName: 'gone@fabrikam.com', enabled: false },
  ];
  const tenants = [{ displayName: 'Fabrikam', domains: ['fabrikam.com'], users, environments }];
  await using cloud = await startLocalCloud({ seed: { contoso: false, tenants } });
  expect(peopleLine(cloud, true)).toBe(
    '  people          ada@fabrikam.com; password Pass@word1 where the seed gives no other',
  );
});

it('counts those who are too many to name', async () => {
  const users = Array.from({ length: 10 }, (_, index) => ({ userPrincipalName: `p${index}@fabrikam.com` }));
  const tenants = [{ displayName: 'Fabrikam', domains: ['fabrikam.com'], users, environments }];
  await using cloud = await startLocalCloud({ seed: { contoso: false, tenants } });
  expect(peopleLine(cloud, true)).toContain('p7@fabrikam.com and 2 more; password');
});
