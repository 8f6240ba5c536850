import { wellKnownIds } from '@latchkey/microsoft';
import { beforeEach, expect, it } from 'vitest';
import { createConsentRequest } from '../../directory/consent-requests.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { textLike } from '../../testing/expected.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

const path = '/identityGovernance/appConsent/appConsentRequests';
const inProgress = encodeURIComponent("userConsentRequests/any(u:u/status eq 'InProgress')");

let graph: GraphTestClient;
let token: string;
let appId: string;

beforeEach(async () => {
  graph = await openGraph();
  const everything =
    'ConsentRequest.Read.All Application.ReadWrite.All DelegatedPermissionGrant.ReadWrite.All';
  token = await graph.personToken('admin', everything);
  ({ appId } = (await graph.call(token, 'POST', '/applications', { displayName: 'Planner' })).body);
  ask('sales', 'I plan');
});

function ask(name: string, reason: string): void {
  const { directory, random } = graph.context;
  const crm = findServicePrincipalByAppId(directory, graph.tenantId, wellKnownIds.dynamicsCrm);
  createConsentRequest(directory, {
    id: random.guid(),
    tenantId: graph.tenantId,
    appId,
    userId: graph.idOf(name),
    reason,
    pending: [{ resourceId: crm?.id ?? '', scopes: ['user_impersonation'] }],
  });
}

it('lists what is asked for by application, and who asks why', async () => {
  ask('nolicence', 'Me too');
  const { body } = await graph.call(token, 'GET', path);
  expect(body.value).toEqual([
    {
      id: textLike(/^[0-9a-f-]{36}$/),
      appId,
      appDisplayName: 'Planner',
      consentType: 'Dynamic',
      pendingScopes: [{ displayName: 'user_impersonation' }],
      userConsentRequests: [],
    },
  ]);
  const one = `${path}/${body.value[0]?.id}`;
  expect((await graph.call(token, 'GET', one)).body).toMatchObject({ appDisplayName: 'Planner' });
  const people = (await graph.call(token, 'GET', `${one}/userConsentRequests`)).body.value;
  expect(people).toHaveLength(2);
  const mine = people.find(({ reason }) => reason === 'I plan');
  expect(mine).toMatchObject({
    status: 'InProgress',
    completedDateTime: null,
    createdBy: { user: { id: graph.idOf('sales'), userPrincipalName: 'sales@contoso.onmicrosoft.com' } },
    approval: { stages: [{ reviewResult: 'NotReviewed' }] },
  });
  const single = await graph.call(token, 'GET', `${one}/userConsentRequests/${mine?.id}`);
  expect(single.body).toMatchObject({ reason: 'I plan' });
});

it('counts a consent for everybody as the answer', async () => {
  const waiting = () => graph.call(token, 'GET', `${path}?$filter=${inProgress}`);
  const before = (await waiting()).body.value;
  expect(before).toHaveLength(1);
  const { body: client } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  const crm = findServicePrincipalByAppId(graph.context.directory, graph.tenantId, wellKnownIds.dynamicsCrm);
  const grant = { clientId: client.id, resourceId: crm?.id, scope: 'user_impersonation' };
  const own = { ...grant, consentType: 'Principal', principalId: graph.idOf('admin') };
  await graph.call(token, 'POST', '/oauth2PermissionGrants', own);
  expect((await waiting()).body.value).toHaveLength(1);
  await graph.call(token, 'POST', '/oauth2PermissionGrants', { ...grant, consentType: 'AllPrincipals' });
  expect((await waiting()).body.value).toEqual([]);
  const people = await graph.call(token, 'GET', `${path}/${before[0]?.id}/userConsentRequests`);
  expect(people.body.value).toMatchObject([
    {
      status: 'Completed',
      completedDateTime: '2026-01-15T10:00:00Z',
      approval: {
        stages: [
          { reviewResult: 'Approve', reviewedBy: { userPrincipalName: 'admin@contoso.onmicrosoft.com' } },
        ],
      },
    },
  ]);
});

it('shows them to administrators with the permission alone', async () => {
  const person = await graph.personToken('sales', 'ConsentRequest.Read.All');
  expect((await graph.call(person, 'GET', path)).status).toBe(403);
  const unasked = await graph.personToken('admin', 'Application.Read.All');
  expect((await graph.call(unasked, 'GET', path)).status).toBe(403);
});

it.each(['nothing', '00000000-0000-4000-8000-000000000001'])('knows no request %s', async (id) => {
  expect((await graph.call(token, 'GET', `${path}/${id}`)).status).toBe(404);
  const [request] = (await graph.call(token, 'GET', path)).body.value;
  expect((await graph.call(token, 'GET', `${path}/${request?.id}/userConsentRequests/${id}`)).status).toBe(
    404,
  );
});
