import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'Application.ReadWrite.All');
});

const create = () => graph.call(token, 'POST', '/applications', { displayName: 'Late' });

it('is not there unless asked for', async () => {
  const { body } = await create();
  expect((await graph.call(token, 'POST', '/servicePrincipals', { appId: body.appId })).status).toBe(201);
});

it('makes a new application wait for its service principal, and for every look at it', async () => {
  graph.context.replication.delaySeconds = 10;
  const { body, status } = await create();
  expect(status).toBe(201);
  const early = await graph.call(token, 'POST', '/servicePrincipals', { appId: body.appId });
  expect(early.status).toBe(400);
  expect(early.body.error).toMatchObject({
    code: 'Request_BadRequest',
    details: [{ code: 'NoBackingApplicationObject', target: 'appId' }],
  });
  for (const path of [`/applications/${body.id}`, `/applications(appId='${body.appId}')`]) {
    const { status: seen, body: answer } = await graph.call(token, 'GET', path);
    expect([seen, answer.error.code]).toEqual([404, 'Request_ResourceNotFound']);
  }
  graph.clock.advance(10_000);
  const principal = await graph.call(token, 'POST', '/servicePrincipals', { appId: body.appId });
  expect(principal.status).toBe(201);
  const path = `/servicePrincipals/${principal.body.id}`;
  expect((await graph.call(token, 'GET', path)).status).toBe(404);
  expect((await graph.call(token, 'GET', `/applications/${body.id}`)).status).toBe(200);
  graph.clock.advance(10_000);
  expect((await graph.call(token, 'GET', path)).status).toBe(200);
});

it('makes a grant wait for a new service principal', async () => {
  const { body: application } = await create();
  graph.context.replication.delaySeconds = 10;
  const { body: principal } = await graph.call(token, 'POST', '/servicePrincipals', {
    appId: application.appId,
  });
  const granter = await graph.personToken('admin', everyScope);
  const crm = await graph.call(
    granter,
    'GET',
    "/servicePrincipals(appId='00000007-0000-0000-c000-000000000000')",
  );
  const grant = () =>
    graph.call(granter, 'POST', '/oauth2PermissionGrants', {
      clientId: principal.id,
      consentType: 'AllPrincipals',
      resourceId: crm.body.id,
      scope: 'user_impersonation',
    });
  expect((await grant()).status).toBe(404);
  graph.clock.advance(10_000);
  expect((await grant()).status).toBe(201);
});

it('makes the token endpoint wait for a new application and its secret', async () => {
  const { body: early } = await create();
  const { replication } = graph.context;
  replication.delaySeconds = 10;
  const { body: application } = await create();
  const { body: secret } = await graph.call(token, 'POST', `/applications/${early.id}/addPassword`);
  expect([application.appId, secret.keyId].map((id) => replication.isUnderWay(id))).toEqual([true, true]);
  graph.clock.advance(10_000);
  expect([application.appId, secret.keyId].map((id) => replication.isUnderWay(id))).toEqual([false, false]);
});
