import { wellKnownIds } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimsOf, openTestEntra, type TestApp, type TestEntra } from '../testing/open-test-entra.ts';
import { findResource } from './find-resource.ts';

let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterAll(() => entra.close());

it.each([
  ['https://management.azure.com', wellKnownIds.azureServiceManagement],
  ['https://management.core.windows.net', wellKnownIds.azureServiceManagement],
  ['https://vault.azure.net', wellKnownIds.azureKeyVault],
  ['https://storage.azure.com', wellKnownIds.azureStorage],
  ['https://contosodata.blob.core.windows.net', wellKnownIds.azureStorage],
  ['https://contoso.sharepoint.com', wellKnownIds.sharePoint],
  ['https://contoso-my.sharepoint.com', wellKnownIds.sharePoint],
  ['https://outlook.office365.com', wellKnownIds.exchange],
  ['https://api.businesscentral.dynamics.com', wellKnownIds.businessCentral],
  ['https://contoso.operations.dynamics.com', wellKnownIds.financeAndOperations],
  ['https://contoso-uat.sandbox.operations.dynamics.com', wellKnownIds.financeAndOperations],
  ['https://contoso.operations.eu.dynamics.com', wellKnownIds.financeAndOperations],
  ['https://api.powerplatform.com', wellKnownIds.powerPlatformApi],
  ['https://service.powerapps.com', wellKnownIds.powerApps],
  ['https://service.flow.microsoft.com', wellKnownIds.powerAutomate],
  ['https://analysis.windows.net/powerbi/api', wellKnownIds.powerBi],
  ['https://app.vssps.visualstudio.com', wellKnownIds.azureDevOps],
  ['https://admin.services.crm.dynamics.com', wellKnownIds.dynamicsCrm],
  ['https://admin.services.crm4.dynamics.com', wellKnownIds.dynamicsCrm],
])('%s is a service of Microsoft’s, with and without a slash', (address, appId) => {
  for (const name of [address, `${address}/`, address.toUpperCase(), appId]) {
    const resource = findResource(entra.context, entra.tenant, name);
    expect([resource.appId, resource.audience, resource.tokenVersion]).toEqual([appId, name, 1]);
  }
});

it.each([
  'https://sharepoint.com',
  'https://contoso.sharepoint.com.example.com',
  'http://contoso.sharepoint.com',
  'https://contoso.sharepoint.com/sites/sales',
  `https://${'a.'.repeat(200)}sharepoint.com`,
])('%s is none', (address) => {
  expect(() => findResource(entra.context, entra.tenant, address)).toThrow('was not found in the tenant');
});

it('gives an app a token for the pages that grant consent, as command lines ask for it', async () => {
  const { json } = await entra.post('/oauth2/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    resource: wellKnownIds.azureDirectoryPages,
  });
  expect(claimsOf(json.access_token).aud).toBe(wellKnownIds.azureDirectoryPages);
});
