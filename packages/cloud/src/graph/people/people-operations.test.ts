import { beforeEach, expect, it } from 'vitest';
import { anyText } from '../../testing/expected.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;

beforeEach(async () => {
  graph = await openGraph();
});

it('tells a person who they are, in the default fields', async () => {
  const { body } = await graph.call(await graph.personToken('sales', 'User.Read'), 'GET', '/me');
  expect(body).toEqual({
    '@odata.context': 'http://localhost:4482/v1.0/$metadata#users/$entity',
    businessPhones: [],
    displayName: 'Alex Wilber',
    givenName: 'Alex',
    jobTitle: 'Sales Representative',
    mail: 'sales@contoso.onmicrosoft.com',
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: 'Wilber',
    userPrincipalName: 'sales@contoso.onmicrosoft.com',
    id: graph.idOf('sales'),
  });
});

it('finds a user by id and by sign-in name', async () => {
  const token = await graph.personToken('admin', 'User.Read.All');
  for (const key of [graph.idOf('sales'), 'Sales@contoso.onmicrosoft.com']) {
    const { body } = await graph.call(token, 'GET', `/users/${key}?$select=id,accountEnabled`);
    expect(body).toMatchObject({ id: graph.idOf('sales'), accountEnabled: true });
  }
  expect((await graph.call(token, 'GET', '/users/nobody@contoso.onmicrosoft.com')).status).toBe(404);
});

it('shows the organization: its basics with User.Read, everything with Organization.Read.All', async () => {
  const read = async (scopes: string) => {
    const { body } = await graph.call(await graph.personToken('sales', scopes), 'GET', '/organization');
    return body.value;
  };
  const basics = {
    id: graph.tenantId,
    displayName: 'Contoso',
    verifiedDomains: [{ name: 'contoso.onmicrosoft.com', isInitial: true, isDefault: true }],
  };
  expect(await read('User.Read')).toMatchObject([{ ...basics, createdDateTime: null, tenantType: null }]);
  expect(await read('Organization.Read.All')).toMatchObject([{ ...basics, tenantType: 'AAD' }]);
});

it('selects every property of the organization that the reference has', async () => {
  const names = [
    'assignedPlans,businessPhones,city,country,countryLetterCode,createdDateTime,defaultUsageLocation,deletedDateTime',
    'displayName,id,isMultipleDataLocationsForServicesEnabled,marketingNotificationEmails,onPremisesLastSyncDateTime',
    'onPremisesSyncEnabled,partnerTenantType,postalCode,preferredLanguage,privacyProfile,provisionedPlans',
    'securityComplianceNotificationMails,securityComplianceNotificationPhones,state,street',
    'technicalNotificationMails,tenantType,verifiedDomains',
  ].join(',');
  const token = await graph.personToken('sales', 'Organization.Read.All');
  const { body } = await graph.call(token, 'GET', `/organization?$select=${names}`);
  expect(Object.keys(body.value[0] ?? {})).toEqual(names.split(','));
});

it('tells who signed in, beside its versions, as v2’s discovery document says', async () => {
  const token = await graph.personToken('sales', 'openid profile');
  for (const method of ['GET', 'POST'] as const) {
    const { status, body } = await graph.inject({
      method,
      url: '/oidc/userinfo',
      headers: { authorization: `Bearer ${token}` },
    });
    expect([status, body]).toEqual([
      200,
      {
        sub: anyText,
        name: 'Alex Wilber',
        family_name: 'Wilber',
        given_name: 'Alex',
        email: 'sales@contoso.onmicrosoft.com',
      },
    ]);
  }
  const refused = await graph.inject({ url: '/oidc/userinfo' });
  expect([refused.status, refused.body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
});
