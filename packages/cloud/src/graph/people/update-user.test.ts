import { beforeEach, describe, expect, it } from 'vitest';
import { userConditions } from '../../directory/user-conditions.ts';
import { findUserByName, passwordMatches, updateUserProfile } from '../../directory/users.ts';
import { userType } from '../resources/present-user.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let salesId: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'User.ReadWrite.All');
  salesId = graph.idOf('sales');
});

const everyProperty = userType.properties.join(',');
const sales = 'sales@contoso.onmicrosoft.com';
const change = (body: object, as = token) => graph.call(as, 'PATCH', `/users/${sales}`, body);
const stored = () => findUserByName(graph.context.directory, sales);

it('switches an account off with the one permission for it, and nothing else', async () => {
  const caller = await graph.personToken('admin', 'User.EnableDisableAccount.All');
  expect((await change({ accountEnabled: false }, caller)).status).toBe(204);
  expect(stored()?.enabled).toBe(false);
  expect((await change({ accountEnabled: true, displayName: 'Other' }, caller)).status).toBe(403);
});

it('changes names and leaves the rest', async () => {
  await change({ displayName: 'Alex W.', jobTitle: null });
  expect(stored()).toMatchObject({
    displayName: 'Alex W.',
    jobTitle: null,
    givenName: 'Alex',
    enabled: true,
  });
});

it('sets a password that has to be changed at the next sign-in, unless told otherwise', async () => {
  const state = () => {
    const user = stored();
    return (
      user && [passwordMatches(graph.context.directory, user.id, 'N3w-secret'), userConditions(user).password]
    );
  };
  await change({ passwordProfile: { password: 'N3w-secret' } });
  expect(state()).toEqual([true, 'must_change']);
  // What was signed in before is revoked, as an administrator did it.
  expect(stored()?.tokensValidFrom).toBe(graph.clock.now());
  await change({ passwordProfile: { password: 'N3w-secret', forceChangePasswordNextSignIn: false } });
  expect(state()).toEqual([true, 'good']);
});

it.each([
  ['a switch that is no switch', { accountEnabled: 'no' }],
  ['a name without letters', { displayName: ' ' }],
  ['a short password', { passwordProfile: { password: 'short' } }],
  ['a sign-in name of another tenant', { userPrincipalName: 'alex@fabrikam.com' }],
  ['somebody else’s sign-in name', { userPrincipalName: 'admin@contoso.onmicrosoft.com' }],
  ['what the service alone sets', { createdDateTime: '2020-01-01T00:00:00Z' }],
])('refuses %s and changes nothing', async (_case, body) => {
  const before = stored();
  expect((await change(body)).status).toBe(400);
  expect(stored()).toEqual(before);
});

it('lets people who administer nobody change nobody', async () => {
  const caller = await graph.personToken('sales', 'User.ReadWrite.All');
  expect((await change({ accountEnabled: false }, caller)).status).toBe(403);
});

it('lets a User Administrator change people who hold no role, and nobody who holds one', async () => {
  const { directory } = graph.context;
  updateUserProfile(directory, graph.idOf('sales'), { directoryRoles: ['User Administrator'] });
  const caller = await graph.personToken('sales', 'User.ReadWrite.All User.RevokeSessions.All');
  const administrator = `/users/${graph.idOf('admin')}`;
  const member = `/users/${graph.idOf('nolicence')}`;
  const before = findUserByName(directory, 'admin@contoso.onmicrosoft.com');
  for (const body of [{ jobTitle: 'Taken' }, { passwordProfile: { password: 'N3w-secret' } }]) {
    expect((await graph.call(caller, 'PATCH', administrator, body)).status).toBe(403);
    expect((await graph.call(caller, 'PATCH', member, body)).status).toBe(204);
  }
  expect((await graph.call(caller, 'POST', `${administrator}/revokeSignInSessions`)).status).toBe(403);
  expect((await graph.call(caller, 'POST', `${member}/revokeSignInSessions`)).status).toBe(200);
  expect(findUserByName(directory, 'admin@contoso.onmicrosoft.com')).toEqual(before);
});

it('ends sign-ins in browsers with a new password, and only with that', async () => {
  await change({ displayName: 'Alex' });
  expect(stored()?.passwordChangedAt).toBeUndefined();
  await change({ passwordProfile: { password: 'Another1word' } });
  expect(stored()?.passwordChangedAt).toBe(graph.clock.now());
});

it('ends the sign-ins of oneself and, for an administrator, of others', async () => {
  const revoke = (as: string, path: string) => graph.call(as, 'POST', `${path}/revokeSignInSessions`);
  const own = await graph.personToken('sales', 'User.RevokeSessions.All');
  expect((await revoke(own, `/users/${graph.idOf('admin')}`)).status).toBe(403);
  const { status, body } = await revoke(own, '/me');
  expect([status, body]).toEqual([
    200,
    { '@odata.context': 'http://localhost:4482/v1.0/$metadata#Edm.Boolean', value: true },
  ]);
  expect(stored()?.tokensValidFrom).toBe(graph.clock.now());
  graph.clock.advance(1000);
  expect((await revoke(token, `/users('${sales}')`)).status).toBe(200);
  expect(stored()?.tokensValidFrom).toBe(graph.clock.now());
});

it('finds people by sign-in name, name, words and part of the name', async () => {
  const names = async (query: string) => {
    const { body } = await graph.call(token, 'GET', `/users?${query}`, undefined, {
      consistencylevel: 'eventual',
    });
    return body.value.map(({ displayName }) => displayName);
  };
  expect(await names(`$filter=userPrincipalName eq '${sales.toUpperCase()}'`)).toEqual(['Alex Wilber']);
  expect(await names("$filter=displayName eq 'alex wilber'")).toEqual(['Alex Wilber']);
  expect(await names("$filter=startswith(surname,'wil') and accountEnabled eq true")).toEqual([
    'Alex Wilber',
  ]);
  expect(await names('$search="displayName:wil"')).toEqual(['Alex Wilber']);
  expect(await names('$search="mail:sales@"')).toEqual(['Alex Wilber']);
  expect(await names('$top=999')).toEqual(['Alex Wilber', 'Diego Siciliani', 'Megan Bowen']);
});

it('shows what a person owns', async () => {
  const caller = await graph.personToken('admin', 'Application.ReadWrite.All User.Read');
  await graph.call(caller, 'POST', '/applications', { displayName: 'Mine' });
  const { body } = await graph.call(caller, 'GET', '/me/ownedObjects?$select=displayName');
  expect(body.value).toEqual([{ '@odata.type': '#microsoft.graph.application', displayName: 'Mine' }]);
});

it('gives another sign-in name', async () => {
  const renamed = 'Alex.Wilber@contoso.onmicrosoft.com';
  expect((await change({ userPrincipalName: renamed })).status).toBe(204);
  expect(stored()).toBeUndefined();
  expect(findUserByName(graph.context.directory, renamed)?.id).toBe(salesId);
});

it('says when a password has to be changed without setting one', async () => {
  await change({ passwordProfile: { forceChangePasswordNextSignIn: true } });
  const user = stored();
  expect(user && userConditions(user).password).toBe('must_change');
  expect(user && passwordMatches(graph.context.directory, user.id, 'Pass@word1')).toBe(true);
});

describe('what may be written', () => {
  const written = {
    aboutMe: 'Sells.',
    ageGroup: 'Minor',
    birthday: '2010-05-01T00:00:00.000Z',
    businessPhones: ['+43 1 234'],
    city: 'Wien',
    companyName: 'Contoso',
    consentProvidedForMinor: 'Granted',
    country: 'AT',
    department: 'Sales',
    displayName: 'Alex W.',
    employeeHireDate: '2024-01-01T00:00:00.000Z',
    employeeId: '4711',
    employeeLeaveDateTime: '2030-01-01T00:00:00.000Z',
    employeeType: 'Employee',
    faxNumber: '+43 1 235',
    givenName: 'Al',
    hireDate: '2024-01-01T00:00:00.000Z',
    interests: ['chess'],
    jobTitle: 'Seller',
    mail: 'alex@contoso.onmicrosoft.com',
    mailNickname: 'alex',
    mobilePhone: '+43 660 1',
    mySite: 'https://example.com/alex',
    officeLocation: '3/12',
    onPremisesImmutableId: 'abc',
    otherMails: ['alex@example.com'],
    passwordPolicies: 'DisablePasswordExpiration',
    pastProjects: ['one'],
    postalCode: '1010',
    preferredDataLocation: 'EUR',
    preferredLanguage: 'de-AT',
    preferredName: 'Lex',
    responsibilities: ['all'],
    schools: ['one'],
    showInAddressList: false,
    skills: ['selling'],
    state: 'Wien',
    streetAddress: 'Ring 1',
    surname: 'W.',
    usageLocation: 'AT',
  };

  it('is answered as it was written', async () => {
    expect((await change(written)).status).toBe(204);
    const names = Object.keys(written);
    const { body } = await graph.call(token, 'GET', `/users/${sales}?$select=${names.join(',')}`);
    expect(body).toMatchObject(written);
  });

  it('has parts that change one by one', async () => {
    await change({
      employeeOrgData: { division: 'West' },
      onPremisesExtensionAttributes: { extensionAttribute1: 'x' },
    });
    await change({ employeeOrgData: { costCenter: '12' } });
    const path = `/users/${sales}?$select=employeeOrgData,onPremisesExtensionAttributes`;
    const { employeeOrgData, onPremisesExtensionAttributes } = (await graph.call(token, 'GET', path)).body;
    expect(employeeOrgData).toEqual({ division: 'West', costCenter: '12' });
    expect(onPremisesExtensionAttributes).toMatchObject({
      extensionAttribute1: 'x',
      extensionAttribute15: null,
    });
  });

  it('is passed over where it is sent back as it was read', async () => {
    const whole = (await graph.call(token, 'GET', `/users/${sales}?$select=${everyProperty}`)).body;
    const before = stored();
    expect((await change({ ...whole, userType: 'Member' })).status).toBe(204);
    expect(stored()).toEqual(before);
    expect((await change({ userType: 'Guest' })).status).toBe(501);
  });
});

it('answers every property that the reference has to $select, and what follows from others', async () => {
  await change({ ageGroup: 'minor', consentProvidedForMinor: 'Denied' });
  const { body } = await graph.call(token, 'GET', `/users/${sales}?$select=${everyProperty}`);
  const { '@odata.context': _context, ...properties } = body;
  expect(Object.keys(properties)).toEqual(everyProperty.split(','));
  expect(properties).toMatchObject({
    createdDateTime: '2026-01-15T10:00:00Z',
    identities: [
      { signInType: 'userPrincipalName', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: sales },
    ],
    lastPasswordChangeDateTime: '2026-01-15T10:00:00Z',
    legalAgeGroupClassification: 'MinorWithoutParentalConsent',
    passwordProfile: null,
    proxyAddresses: [`SMTP:${sales}`],
    securityIdentifier: expect.stringMatching(/^S-1-12-1(-\d+){4}$/),
    signInSessionsValidFromDateTime: '2026-01-15T10:00:00Z',
    userType: 'Member',
  });
});

describe('the permission', () => {
  it.each([
    ['User-Mail.ReadWrite.All', { mail: 'x@contoso.onmicrosoft.com' }],
    ['User-Phone.ReadWrite.All', { mobilePhone: '1' }],
    ['User-PasswordProfile.ReadWrite.All', { passwordProfile: { password: 'N3w-secret' } }],
    ['User.EnableDisableAccount.All', { accountEnabled: false }],
  ])('%s lets its own properties through and no others', async (scope, body) => {
    const caller = await graph.personToken('admin', scope);
    expect((await change({ ...body, department: 'Sales' }, caller)).status).toBe(403);
    expect((await change(body, caller)).status).toBe(204);
  });
});

describe('PATCH /me', () => {
  const changeMe = async (name: string, body: object, scopes = 'User.ReadWrite') =>
    (await graph.call(await graph.personToken(name, scopes), 'PATCH', '/me', body)).status;

  it('lets people change what is theirs to tell, and no more', async () => {
    expect(await changeMe('sales', { mobilePhone: '+43 660 1', aboutMe: 'Sells.' })).toBe(204);
    expect(stored()?.properties).toEqual({ mobilePhone: '+43 660 1', aboutMe: 'Sells.' });
    expect(await changeMe('sales', { jobTitle: 'Chief' })).toBe(403);
    expect(await changeMe('sales', { accountEnabled: false })).toBe(403);
    expect(await changeMe('sales', { mobilePhone: '1' }, 'User.Read')).toBe(403);
  });

  it('lets administrators change what they may change of themselves', async () => {
    expect(await changeMe('admin', { jobTitle: 'Chief' })).toBe(204);
  });

  it('is for oneself: User.ReadWrite changes nobody else', async () => {
    const caller = await graph.personToken('admin', 'User.ReadWrite');
    expect((await change({ mobilePhone: '1' }, caller)).status).toBe(403);
    expect(
      (await graph.call(caller, 'PATCH', `/users/${graph.idOf('admin')}`, { aboutMe: 'x' })).status,
    ).toBe(204);
  });
});
