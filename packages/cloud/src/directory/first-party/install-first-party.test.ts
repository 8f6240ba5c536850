import { wellKnownAppRoles, wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApplicationDocument } from '../application-document.ts';
import { type Application, findApplicationByAppId, updateApplication } from '../applications.ts';
import { type Directory, openDirectory } from '../open-directory.ts';
import { contosoDomain, seedContoso } from '../seed-contoso.ts';
import { findServicePrincipalByAppId, updateServicePrincipal } from '../service-principals.ts';
import { findTenant } from '../tenants.ts';
import { installFirstParty, keepFirstParty } from './install-first-party.ts';

let directory: Directory;
let tenantId: string;

beforeEach(() => {
  directory = openDirectory({ file: ':memory:', clock: { now: () => Date.UTC(2026, 0, 31) } });
  seedContoso(directory);
  tenantId = findTenant(directory, contosoDomain)?.id ?? '';
});

afterEach(() => directory.close());

function graph(): Application {
  const found = findApplicationByAppId(directory, wellKnownIds.microsoftGraph);
  if (!found) throw new Error('There is no Microsoft Graph.');
  return found;
}

const principal = (appId: string) => findServicePrincipalByAppId(directory, tenantId, appId);

/** Puts scopes, roles and addresses into Graph's document, then starts anew. */
function restartWith(added: {
  scopes: ApplicationDocument['api']['oauth2PermissionScopes'];
  roles: ApplicationDocument['appRoles'];
  uris: string[];
}): void {
  const { document, ...application } = graph();
  updateApplication(directory, {
    ...application,
    document: {
      ...document,
      api: { ...document.api, oauth2PermissionScopes: added.scopes },
      appRoles: added.roles,
      identifierUris: [...document.identifierUris, ...added.uris],
    },
  });
  keepFirstParty(directory);
  installFirstParty(directory, tenantId);
}

const ofGraph = { ...wellKnownScopes.microsoftGraph['User.Read'], isEnabled: true };
const own = { ...ofGraph, id: 'c0ffee00-0000-4000-8000-000000000001', value: 'Own.Read' };
const roleOfGraph: ApplicationDocument['appRoles'][number] = {
  ...wellKnownAppRoles.microsoftGraph['Organization.Read.All'],
  allowedMemberTypes: ['Application'],
  isEnabled: true,
  origin: 'Application',
};
const ownRole = { ...roleOfGraph, id: 'c0ffee00-0000-4000-8000-000000000002', value: 'Own.Read.All' };

it('leaves out what earlier versions kept in the database', () => {
  const before = graph();
  restartWith({
    scopes: [ofGraph],
    roles: [roleOfGraph],
    uris: [`${wellKnownIds.microsoftGraph}/ags.windows.net`],
  });
  expect(graph()).toEqual(before);
  expect(principal(wellKnownIds.microsoftGraph)?.document).toMatchObject({
    oauth2PermissionScopes: [],
    appRoles: [],
    servicePrincipalNames: [wellKnownIds.microsoftGraph, 'https://graph.microsoft.com'],
  });
});

it('keeps what a seed gave besides', () => {
  restartWith({
    scopes: [ofGraph, own],
    roles: [roleOfGraph, ownRole],
    uris: ['https://graph.example'],
  });
  const { api, appRoles } = graph().document;
  expect([api.oauth2PermissionScopes, appRoles]).toEqual([[own], [ownRole]]);
  expect(principal(wellKnownIds.microsoftGraph)?.document).toMatchObject({
    oauth2PermissionScopes: [own],
    appRoles: [ownRole],
    servicePrincipalNames: [
      wellKnownIds.microsoftGraph,
      'https://graph.microsoft.com',
      'https://graph.example',
    ],
  });
});

it('leaves what an administrator decided about a service', () => {
  const found = principal(wellKnownIds.microsoftGraph);
  if (!found) throw new Error('Contoso has no Microsoft Graph.');
  updateServicePrincipal(directory, { ...found, accountEnabled: false });
  restartWith({ scopes: [own], roles: [], uris: [] });
  expect(principal(wellKnownIds.microsoftGraph)).toMatchObject({
    accountEnabled: false,
    document: { oauth2PermissionScopes: [own] },
  });
});

it('names a service by its id, its addresses and its hosts', () => {
  const namesOf = (appId: string) => principal(appId)?.document.servicePrincipalNames;
  expect(namesOf(wellKnownIds.sharePoint)).toEqual([
    wellKnownIds.sharePoint,
    'https://microsoft.sharepoint-df.com',
    'https://onedrive.cloud.microsoft',
    `${wellKnownIds.sharePoint}/*.sharepoint.com`,
    `${wellKnownIds.sharePoint}/*.sharepoint.us`,
    `${wellKnownIds.sharePoint}/*.sharepoint-mil.us`,
    `${wellKnownIds.sharePoint}/*.sharepoint.cn`,
  ]);
  expect(namesOf(wellKnownIds.dynamicsCrm)).toEqual(
    expect.arrayContaining([
      `${wellKnownIds.dynamicsCrm}/*.crm4.dynamics.com`,
      'https://admin.services.crm4.dynamics.com',
    ]),
  );
  expect(namesOf(wellKnownIds.azureCli)).toEqual([wellKnownIds.azureCli]);
});
