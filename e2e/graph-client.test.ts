import { type LocalCloud, startLocalCloud } from '@latchkey/cloud';
import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import {
  BatchRequestContent,
  BatchResponseContent,
  type Client,
  GraphError,
  PageIterator,
  RetryHandlerOptions,
} from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGraphClient } from './support/open-graph-client.ts';

interface Entity {
  id: string;
  appId: string;
  displayName: string;
}

let cloud: LocalCloud;
let client: Client;

beforeAll(async () => {
  cloud = await startLocalCloud();
  client = await openGraphClient(cloud);
});
afterAll(async () => {
  await cloud.close();
});

function register(displayName: string): Promise<Entity> {
  return client.api('/applications').post({ displayName, signInAudience: 'AzureADMyOrg' });
}

it('registers an app from nothing to consent, and the app gets a token', async () => {
  const app: Entity = await client.api('/applications').post({
    displayName: 'From nothing',
    signInAudience: 'AzureADMyOrg',
    web: { redirectUris: ['https://hub.example/callback'] },
    requiredResourceAccess: [
      {
        resourceAppId: wellKnownIds.dynamicsCrm,
        resourceAccess: [{ id: wellKnownScopes.dynamicsCrm.user_impersonation.id, type: 'Scope' }],
      },
    ],
  });
  const principal: Entity = await client.api('/servicePrincipals').post({ appId: app.appId });
  const crm: { value: Entity[] } = await client
    .api('/servicePrincipals')
    .filter(`appId eq '${wellKnownIds.dynamicsCrm}'`)
    .select(['id', 'appId', 'displayName'])
    .get();
  await client.api('/oauth2PermissionGrants').post({
    clientId: principal.id,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: crm.value[0]?.id,
    scope: 'user_impersonation',
  });
  const { secretText } = await client
    .api(`/applications/${app.id}/addPassword`)
    .post({ passwordCredential: { displayName: 'hub secret' } });
  const grants = await client.api('/oauth2PermissionGrants').filter(`clientId eq '${principal.id}'`).get();
  expect(grants.value).toMatchObject([{ consentType: 'AllPrincipals', scope: 'user_impersonation' }]);

  const organization: { value: Entity[] } = await client.api('/organization').get();
  const answer = await fetch(`${cloud.entra.https}/${organization.value[0]?.id}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: app.appId,
      client_secret: secretText,
      grant_type: 'client_credentials',
      scope: `${cloud.crm.https}/.default`,
    }),
  });
  expect([answer.status, await answer.json()]).toEqual([
    200,
    expect.objectContaining({ token_type: 'Bearer', access_token: expect.any(String) }),
  ]);
});

it('reads an application with its owners by key form, changes it and deletes it', async () => {
  const { appId } = await register('Owned');
  const path = `/applications(appId='${appId}')`;
  await client.api(path).update({ displayName: 'Renamed' });
  const read = await client.api(path).select('displayName').expand('owners($select=id,displayName)').get();
  expect(read).toMatchObject({ displayName: 'Renamed', owners: [{ displayName: 'Megan Bowen' }] });
  await client.api(path).delete();
  await expect(client.api(path).get()).rejects.toMatchObject({
    statusCode: 404,
    code: 'Request_ResourceNotFound',
  });
});

it('walks over all pages and finds by words', async () => {
  for (const name of ['Paged one', 'Paged two', 'Paged three']) await register(name);
  const first = await client.api('/applications').filter("startswith(displayName,'Paged')").top(2).get();
  const names: string[] = [];
  await new PageIterator(client, first, ({ displayName }: Entity) => {
    names.push(displayName);
    return true;
  }).iterate();
  expect(names).toEqual(['Paged one', 'Paged three', 'Paged two']);
  const found = await client
    .api('/applications')
    .header('ConsistencyLevel', 'eventual')
    .search('"displayName:two"')
    .count(true)
    .get();
  expect(found).toMatchObject({ '@odata.count': 1, value: [{ displayName: 'Paged two' }] });
});

it('walks over a list of several pages of the usual size', async () => {
  const names = Array.from({ length: 120 }, (_, index) => `Many ${String(index).padStart(3, '0')}`);
  for (const name of names) await register(name);
  const pages: number[] = [];
  const seen: string[] = [];
  let page: { value: Entity[]; '@odata.nextLink'?: string } = await client
    .api('/applications')
    .filter("startswith(displayName,'Many')")
    .select(['id', 'displayName'])
    .get();
  for (;;) {
    pages.push(page.value.length);
    seen.push(...page.value.map(({ displayName }) => displayName));
    const next = page['@odata.nextLink'];
    if (next === undefined) break;
    page = await client.api(next).get();
  }
  expect(pages).toEqual([100, 20]);
  expect(seen).toEqual(names);
});

it('tries again by itself after a 429, and tells one that lasts', async () => {
  const throttle = { kind: 'throttle', retryAfterSeconds: 1 } as const;
  cloud.faults.add({ service: 'graph', path: '*/me', effect: throttle });
  const me = await client.api('/me').select('userPrincipalName').get();
  expect(me.userPrincipalName).toBe(cloud.users.administrator.userPrincipalName);

  cloud.faults.add({ service: 'graph', path: '*/me', effect: throttle });
  const once = client
    .api('/me')
    .middlewareOptions([new RetryHandlerOptions(0, 0)])
    .get();
  await expect(once).rejects.toMatchObject({ statusCode: 429, code: 'TooManyRequests' });
  cloud.faults.clear();
});

it('sends requests that depend on each other as one batch', async () => {
  // The client cuts off the origin alone, and addresses in a batch stand below the version.
  const base = cloud.graph.https;
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ displayName: 'In a batch' });
  const content = new BatchRequestContent([
    { id: '1', request: new Request(`${base}/applications`, { method: 'POST', headers, body }) },
    { id: '2', request: new Request(`${base}/organization`), dependsOn: ['1'] },
    { id: '3', request: new Request(`${base}/applications/none`), dependsOn: ['2'] },
  ]);
  const answers = new BatchResponseContent(await client.api('/$batch').post(await content.getContent()));
  const statuses = ['1', '2', '3'].map((id) => answers.getResponseById(id).status);
  expect(statuses).toEqual([201, 200, 400]);
  expect(await answers.getResponseById('1').json()).toMatchObject({ displayName: 'In a batch' });
});

it('raises failures as the client’s own error, with code and request id', async () => {
  const failure: unknown = await client
    .api('/applications')
    .post({ displayName: '' })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(GraphError);
  expect(failure).toMatchObject({
    statusCode: 400,
    code: 'Request_BadRequest',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});
