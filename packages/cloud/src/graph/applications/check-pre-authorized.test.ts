import { wellKnownIds } from '@latchkey/microsoft';
import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let path: string;
const scopeId = 'c0ffee00-0000-4000-8000-000000000001';
const teams = '1fec8e78-bce4-4aaf-ab1b-5451cc387264';
const nobody = 'c0ffee00-0000-4000-8000-000000000099';
const scope = {
  id: scopeId,
  value: 'Read',
  type: 'User',
  isEnabled: true,
  adminConsentDisplayName: 'Read',
  adminConsentDescription: 'Reads.',
};

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'Orders',
    api: { oauth2PermissionScopes: [scope] },
  });
  path = `/applications/${body.id}`;
});

const give = (appId: string, ...delegatedPermissionIds: string[]) =>
  graph.call(token, 'PATCH', path, {
    api: { preAuthorizedApplications: [{ appId, delegatedPermissionIds }] },
  });

it('gives what is offered ahead, also to clients that are not here', async () => {
  expect((await give(wellKnownIds.azureCli, scopeId)).status).toBe(204);
  expect((await give(teams, scopeId)).status).toBe(204);
});

it('gives nothing ahead that is not offered, be it on making', async () => {
  const refusal = [
    400,
    'Property api.preAuthorizedApplications.delegatedPermissionIds has a Permission Id that cannot be found in the AppPermissions sets.',
  ];
  const changed = await give(wellKnownIds.azureCli, scopeId, nobody);
  expect([changed.status, changed.body.error.message]).toEqual(refusal);
  const client = { appId: wellKnownIds.azureCli, delegatedPermissionIds: [scopeId] };
  const made = await graph.call(token, 'POST', '/applications', {
    displayName: 'Bills',
    api: { preAuthorizedApplications: [client] },
  });
  expect([made.status, made.body.error.message]).toEqual(refusal);
});
