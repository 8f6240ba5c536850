import { generateKeyPairSync } from 'node:crypto';
import { wellKnownIds } from '@latchkey/microsoft';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { updateUserProfile } from '../directory/users.ts';
import { anyText, textLike } from '../testing/expected.ts';
import {
  crmOrigin,
  firstRow,
  openTestCrm,
  organizationIdOf,
  root,
  type TestCrm,
} from './testing/open-test-crm.ts';

let crm: TestCrm;
beforeEach(async () => {
  crm = await openTestCrm();
});
afterEach(() => crm.close());

const applicationId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const appOnly = {
  scp: undefined,
  upn: undefined,
  oid: 'cccccccc-0000-4000-8000-000000000001',
  appid: applicationId,
};

async function whoAmI(claims: Record<string, unknown> = {}) {
  const authorization = `Bearer ${await crm.token(claims)}`;
  return crm.get('WhoAmI', { authorization });
}

describe('without a good token', () => {
  it('challenges with tenant and resource, unquoted, and no body', async () => {
    const answer = await crm.app.inject({ url: `${root}/`, headers: { host: 'evil.example' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer authorization_uri=http://localhost:4481/${crm.tenantId}/oauth2/authorize, resource_id=${crmOrigin}/`,
    );
    expect(answer.body).toBe('');
  });

  it('challenges the older probe of the organization service alike', async () => {
    const url = '/XRMServices/2011/Organization.svc/web?SdkClientVersion=9.0';
    const answer = await crm.app.inject({ url });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('resource_id=');
  });

  it.each([
    ['another audience', { aud: 'https://graph.microsoft.com' }],
    ['another environment', { aud: 'https://fabrikam.crm4.dynamics.com' }],
    ['another tenant', { tid: '00000000-0000-4000-8000-000000000000' }],
    ['no permission for the CRM', { scp: 'User.Read' }],
    ['an unknown issuer', { iss: 'https://login.example/' }],
    ['an end in the past', { exp: 1 }],
  ])('answers 401 to a token with %s', async (_what, claims) => {
    expect((await whoAmI(claims)).statusCode).toBe(401);
  });

  it('answers 401 once the token has expired', async () => {
    const authorization = `Bearer ${await crm.token()}`;
    expect((await crm.get('WhoAmI', { authorization })).statusCode).toBe(200);
    crm.clock.advance(3_600_000);
    expect((await crm.get('WhoAmI', { authorization })).statusCode).toBe(401);
  });

  it('answers 401 to a token that somebody else signed under our key id', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const token = await new SignJWT({
      aud: crmOrigin,
      tid: crm.tenantId,
      ver: '1.0',
      scp: 'user_impersonation',
    })
      .setProtectedHeader({ alg: 'RS256', kid: crm.context.signingKeys.current.kid })
      .sign(privateKey);
    expect((await crm.get('WhoAmI', { authorization: `Bearer ${token}` })).statusCode).toBe(401);
  });
});

describe('with a good token', () => {
  it.each([
    'https://contoso.crm4.dynamics.com',
    'https://contoso.crm4.dynamics.com/',
    'https://contoso.api.crm4.dynamics.com',
    'https://localhost:4493',
    `${crmOrigin}/`,
    wellKnownIds.dynamicsCrm,
  ])('accepts the audience %s', async (aud) => {
    expect((await whoAmI({ aud })).statusCode).toBe(200);
  });

  it.each(['WhoAmI', 'WhoAmI()'])('tells user, business unit and organization by %s', async (path) => {
    const answer = await crm.get(path);
    expect(answer.json()).toEqual({
      '@odata.context': `${crmOrigin}${root}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
      BusinessUnitId: textLike(/^[\da-f-]{36}$/),
      UserId: textLike(/^[\da-f-]{36}$/),
      OrganizationId: organizationIdOf(crm),
    });
    const { UserId, BusinessUnitId } = answer.json();
    expect(UserId).not.toBe(crm.claimsOf('administrator').oid);
    const user = await crm.get(
      `systemusers(${UserId})?$select=azureactivedirectoryobjectid,_businessunitid_value`,
    );
    expect(user.json()).toMatchObject({
      azureactivedirectoryobjectid: crm.claimsOf('administrator').oid,
      _businessunitid_value: BusinessUnitId,
    });
  });

  it('sends the headers of the Web API', async () => {
    const { headers } = await crm.get('WhoAmI');
    expect(headers).toMatchObject({
      'odata-version': '4.0',
      'content-type': 'application/json; odata.metadata=minimal',
      'x-ms-service-request-id': anyText,
      req_id: anyText,
      'x-ms-ratelimit-burst-remaining-xrm-requests': '5999',
    });
    expect((await crm.get('WhoAmI')).headers['x-ms-ratelimit-burst-remaining-xrm-requests']).toBe('5998');
  });

  it('serves v9.0 to v9.2 and no other version', async () => {
    const context = (await crm.get('/api/data/v9.0/WhoAmI')).json()['@odata.context'];
    expect(context).toContain('/api/data/v9.0/$metadata#');
    expect((await crm.get('/api/data/v7.0/WhoAmI')).statusCode).toBe(404);
  });
});

describe('users', () => {
  it('refuses a person without licence', async () => {
    const answer = await whoAmI(crm.claimsOf('withoutLicence'));
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toEqual({
      error: { code: '0x8004d24b', message: 'The user has not been assigned any License' },
    });
  });

  it('makes a person a user at the first call after the licence comes, and shuts out when it goes', async () => {
    const { oid } = crm.claimsOf('withoutLicence');
    updateUserProfile(crm.context.directory, String(oid), { licences: ['dynamics-365-sales'] });
    expect((await whoAmI(crm.claimsOf('withoutLicence'))).statusCode).toBe(200);
    updateUserProfile(crm.context.directory, String(oid), { licences: [] });
    expect((await whoAmI(crm.claimsOf('withoutLicence'))).json().error.code).toBe('0x8004d24b');
  });

  it('refuses who is not in the directory, and apps without application user', async () => {
    const stranger = await whoAmI({ oid: 'dddddddd-0000-4000-8000-000000000001' });
    const app = await whoAmI(appOnly);
    for (const answer of [stranger, app]) {
      expect(answer.statusCode).toBe(403);
      expect(answer.json().error).toEqual({
        code: '0x80072560',
        message: 'The user is not a member of the organization.',
      });
    }
  });

  it('lets an app in once it has an application user, by its appid or azp', async () => {
    const { BusinessUnitId } = (await crm.get('WhoAmI')).json();
    const created = await crm.call('POST', 'systemusers', {
      body: {
        applicationid: applicationId,
        'businessunitid@odata.bind': `/businessunits(${BusinessUnitId})`,
      },
    });
    expect(created.statusCode).toBe(204);
    const answer = await whoAmI(appOnly);
    expect(answer.statusCode).toBe(200);
    expect(created.headers['odata-entityid']).toContain(answer.json().UserId);
    expect((await whoAmI({ ...appOnly, appid: undefined, azp: applicationId })).statusCode).toBe(200);
    const again = await crm.call('POST', 'systemusers', { body: { applicationid: applicationId } });
    expect(again.statusCode).toBe(412);
  });

  it('refuses an application user without role, and lets it in when a role is associated', async () => {
    const body = { applicationid: applicationId, 'systemuserroles_association@odata.bind': [] };
    const created = await crm.call('POST', 'systemusers', {
      body,
      headers: { prefer: 'return=representation' },
    });
    expect((await whoAmI(appOnly)).json().error.code).toBe('0x80042f09');
    const roles = await crm.get("roles?$filter=name eq 'Salesperson'&$select=name");
    const { roleid } = firstRow(roles.json());
    const path = `systemusers(${created.json().systemuserid})/systemuserroles_association`;
    const associated = await crm.call('POST', `${path}/$ref`, {
      body: { '@odata.id': `${crmOrigin}${root}/roles(${roleid})` },
    });
    expect(associated.statusCode).toBe(204);
    expect((await whoAmI(appOnly)).statusCode).toBe(200);
    expect((await crm.call('DELETE', `${path}(${roleid})/$ref`)).statusCode).toBe(204);
    expect((await whoAmI(appOnly)).json().error.code).toBe('0x80042f09');
  });

  it('refuses a disabled user, who may then be deleted if an application user', async () => {
    const body = { applicationid: applicationId };
    const created = await crm.call('POST', 'systemusers', {
      body,
      headers: { prefer: 'return=representation' },
    });
    const path = `systemusers(${created.json().systemuserid})`;
    expect((await crm.call('DELETE', path)).statusCode).toBe(405);
    await crm.call('PATCH', path, { body: { isdisabled: true } });
    expect((await whoAmI(appOnly)).json().error).toEqual({
      code: '0x80040225',
      message: 'The specified user is either disabled or is not a member of any business unit.',
    });
    expect((await crm.call('DELETE', path)).statusCode).toBe(204);
    expect((await whoAmI(appOnly)).json().error.code).toBe('0x80072560');
  });

  it('lets System Administrators alone write users', async () => {
    const authorization = `Bearer ${await crm.token(crm.claimsOf('salesperson'))}`;
    const answer = await crm.call('POST', 'systemusers', {
      body: { applicationid: applicationId },
      headers: { authorization },
    });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().error.code).toBe('0x80040220');
    expect(answer.json().error.message).toContain('is missing prvCreateSystemuser privilege');
  });

  it('does not act as the wrong person when asked to impersonate', async () => {
    const answer = await crm.get('WhoAmI', { callerobjectid: String(crm.claimsOf('salesperson').oid) });
    expect(answer.statusCode).toBe(501);
  });
});
