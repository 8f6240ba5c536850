import { wellKnownIds } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createConsentRequest } from '../../directory/consent-requests.ts';
import { listPermissionGrants } from '../../directory/permission-grants.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { findUserByName } from '../../directory/users.ts';
import { type OpenedCloud, openLocalCloud } from '../../start-local-cloud.ts';

const appId = '7a1c0000-0000-4000-8000-000000000004';
let cloud: OpenedCloud;
beforeAll(async () => {
  cloud = await openLocalCloud({
    adminApi: true,
    seed: {
      tenants: [
        {
          displayName: 'Fabrikam',
          domains: ['fabrikam.onmicrosoft.com'],
          policy: { userConsent: 'off', adminConsentRequests: 'on' },
          users: [{ userPrincipalName: 'ada@fabrikam.onmicrosoft.com' }],
          applications: [{ displayName: 'Planner', appId }],
        },
      ],
    },
  });
});
afterAll(() => cloud.close());

function ask(reason: string): string {
  const { directory, random } = cloud.context;
  const user = findUserByName(directory, 'ada@fabrikam.onmicrosoft.com');
  const tenantId = user?.tenantId ?? '';
  const id = random.guid();
  const crm = findServicePrincipalByAppId(directory, tenantId, wellKnownIds.dynamicsCrm);
  const pending = [{ resourceId: crm?.id ?? '', scopes: ['user_impersonation'] }];
  createConsentRequest(directory, { id, tenantId, appId, userId: user?.id ?? '', reason, pending });
  return id;
}

async function list(): Promise<object[]> {
  const response = await fetch(`${cloud.entra.http}/_latchkey/consent-requests`);
  return z.object({ consentRequests: z.array(z.looseObject({})) }).parse(await response.json())
    .consentRequests;
}

async function decide(id: string, body: object): Promise<number> {
  const response = await fetch(`${cloud.entra.http}/_latchkey/consent-requests/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.status;
}

const grants = () => {
  const { directory } = cloud.context;
  const tenantId = findUserByName(directory, 'ada@fabrikam.onmicrosoft.com')?.tenantId ?? '';
  const client = findServicePrincipalByAppId(directory, tenantId, appId);
  return listPermissionGrants(directory, tenantId).filter(({ clientId }) => clientId === client?.id);
};

it('lists requests, denies one and approves another', async () => {
  const first = ask('First');
  const told = { app: 'Planner', user: 'ada@fabrikam.onmicrosoft.com', scopes: ['user_impersonation'] };
  expect(await list()).toMatchObject([{ id: first, ...told, reason: 'First', decision: null }]);
  expect(await decide(first, { decision: 'maybe' })).toBe(400);
  expect(await decide(first, { decision: 'deny' })).toBe(204);
  expect(grants()).toEqual([]);
  expect(await list()).toMatchObject([{ decision: 'deny' }]);

  const second = ask('Second');
  expect(await decide(second, { decision: 'approve' })).toBe(204);
  expect(grants()).toMatchObject([{ consentType: 'AllPrincipals', scope: 'user_impersonation' }]);
  expect(
    new Set((await list()).map((item) => JSON.stringify(item).includes('"decision":"approve"'))),
  ).toEqual(new Set([true, false]));
  expect(await decide('nothing', { decision: 'deny' })).toBe(404);
});
