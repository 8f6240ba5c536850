import { wellKnownAppRoles, wellKnownIds } from '@latchkey/microsoft';
import { beforeEach, expect, it } from 'vitest';
import { directoryRoles } from '../../directory/directory-roles.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { type DirectoryRole, updateUserProfile } from '../../directory/users.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

const scopes = [
  'Application.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'RoleManagement.ReadWrite.Directory',
  'User.ReadWrite.All',
].join(' ');

let graph: GraphTestClient;
beforeEach(async () => {
  graph = await openGraph();
});

function principalOf(appId: string): string {
  return findServicePrincipalByAppId(graph.context.directory, graph.tenantId, appId)?.id ?? '';
}

/** What somebody with a directory role may do, by the status of trying it. */
async function deedsOf(role: DirectoryRole): Promise<string[]> {
  const admin = await graph.personToken('admin', scopes);
  const { body: application } = await graph.call(admin, 'POST', '/applications', { displayName: 'CRM' });
  const { body: client } = await graph.call(admin, 'POST', '/servicePrincipals', {
    appId: application.appId,
  });
  updateUserProfile(graph.context.directory, graph.idOf('sales'), { directoryRoles: [role] });
  const caller = await graph.personToken('sales', scopes);
  const [crm, ofGraph] = [wellKnownIds.dynamicsCrm, wellKnownIds.microsoftGraph].map(principalOf);
  const assign = (resourceId: string | undefined, appRoleId: string) =>
    graph.call(caller, 'POST', `/servicePrincipals/${resourceId}/appRoleAssignedTo`, {
      principalId: client.id,
      resourceId,
      appRoleId,
    });
  const deeds = {
    'change an application': () =>
      graph.call(caller, 'PATCH', `/applications/${application.id}`, { displayName: 'New' }),
    'switch an enterprise application off': () =>
      graph.call(caller, 'PATCH', `/servicePrincipals/${client.id}`, { accountEnabled: false }),
    'consent for all': () =>
      graph.call(caller, 'POST', '/oauth2PermissionGrants', {
        clientId: client.id,
        consentType: 'AllPrincipals',
        principalId: null,
        resourceId: crm,
        scope: 'user_impersonation',
      }),
    'give a role of the CRM': () => assign(crm, '00000000-0000-0000-0000-000000000000'),
    'give a role of Graph': () =>
      assign(ofGraph, wellKnownAppRoles.microsoftGraph['Organization.Read.All'].id),
    'change a member': () =>
      graph.call(caller, 'PATCH', `/users/${graph.idOf('nolicence')}`, { jobTitle: 'New' }),
    'change an administrator': () =>
      graph.call(caller, 'PATCH', `/users/${graph.idOf('admin')}`, { jobTitle: 'New' }),
    'give a directory role': () =>
      graph.call(
        caller,
        'POST',
        `/directoryRoles(roleTemplateId='${directoryRoles['User Administrator'].templateId}')/members/$ref`,
        { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${graph.idOf('nolicence')}` },
      ),
  };
  const outcomes: { deed: string; outcome: string }[] = [];
  for (const [deed, attempt] of Object.entries(deeds)) {
    const { status, body } = await attempt();
    outcomes.push({ deed, outcome: status < 300 ? 'done' : `${status} ${body.error.code}` });
  }
  const done = outcomes.filter(({ outcome }) => outcome === 'done').map(({ deed }) => deed);
  const refusals = new Set(outcomes.map(({ outcome }) => outcome));
  expect([...refusals].filter((outcome) => outcome !== 'done')).toEqual(
    done.length < outcomes.length ? ['403 Authorization_RequestDenied'] : [],
  );
  return done;
}

const applications = ['change an application', 'switch an enterprise application off'];

it.each<[DirectoryRole, string[]]>([
  [
    'Global Administrator',
    [
      ...applications,
      'consent for all',
      'give a role of the CRM',
      'give a role of Graph',
      'change a member',
      'change an administrator',
      'give a directory role',
    ],
  ],
  [
    'Privileged Role Administrator',
    ['consent for all', 'give a role of the CRM', 'give a role of Graph', 'give a directory role'],
  ],
  ['Application Administrator', [...applications, 'consent for all', 'give a role of the CRM']],
  ['Cloud Application Administrator', [...applications, 'consent for all', 'give a role of the CRM']],
  ['User Administrator', ['change a member']],
])('lets a %s do what the role is for and no more', async (role, expected) => {
  expect(await deedsOf(role)).toEqual(expected);
});
