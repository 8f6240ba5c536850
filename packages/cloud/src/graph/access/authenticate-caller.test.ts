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
