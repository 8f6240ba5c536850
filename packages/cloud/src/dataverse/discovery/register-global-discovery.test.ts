import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findUserByName, updateUserProfile } from '../../directory/users.ts';
import { textLike } from '../../testing/expected.ts';
import {
  crmOrigin,
  fabrikamOrigin,
  openTestCrm,
  type TestCrm,
  twoTenants,
} from '../testing/open-test-crm.ts';

const globalDiscovery = 'https://globaldisco.crm.dynamics.com';
const governmentDiscovery = 'https://globaldisco.crm9.dynamics.com';
const path = '/api/discovery/v2.0';
const [ada, bob] = ['ada@fabrikam.onmicrosoft.com', 'bob@fabrikam.onmicrosoft.com'];

let crm: TestCrm;
beforeEach(async () => {
  crm = await openTestCrm({ seed: twoTenants });
});
afterEach(() => crm.close());

async function discover(
  url: string,
  {
    origin = globalDiscovery,
    user = ada,
    claims = {},
  }: { origin?: string; user?: string; claims?: object } = {},
) {
  const person = findUserByName(crm.context.directory, user);
  const token = await crm.token({
    aud: origin,
    iss: `https://sts.windows.net/${person?.tenantId}/`,
    tid: person?.tenantId,
    oid: person?.id,
    ...claims,
  });
  return crm.get(path + url, { 'x-came-by': origin, authorization: `Bearer ${token}` });
}

async function list(
  url: string,
  options: Parameters<typeof discover>[1] = {},
): Promise<Record<string, unknown>[]> {
  const answer = await discover(url, options);
  expect(answer.statusCode).toBe(200);
  return answer.json().value;
}

describe('Instances', () => {
  it('tells everything of the environments that the caller may use', async () => {
    const answer = await discover('/Instances');
    expect(answer.json()).toEqual({
      '@odata.context': `${globalDiscovery}${path}/$metadata#Instances`,
      value: [
        {
          IsUserSysAdmin: true,
          Region: 'EMEA',
          Purpose: '',
          StatusMessage: 0,
          TrialExpirationDate: null,
          OrganizationType: 0,
          TenantId: findUserByName(crm.context.directory, ada)?.tenantId,
          EnvironmentId: textLike(/^[\da-f-]{36}$/),
          DatacenterId: textLike(/^[\da-f-]{36}$/),
          DatacenterName: null,
          Id: textLike(/^[\da-f-]{36}$/),
          UniqueName: 'unqfabrikam',
          UrlName: 'fabrikam',
          FriendlyName: 'Fabrikam',
          State: 0,
          Version: textLike(/^9\.2\./),
          Url: 'https://fabrikam.crm4.dynamics.com',
          ApiUrl: 'https://fabrikam.api.crm4.dynamics.com',
          LastUpdated: '2026-01-31T10:00:00Z',
          SchemaType: 'Standard',
        },
      ],
    });
    expect(answer.headers).toMatchObject({
      'odata-version': '4.0',
      'content-type': 'application/json; odata.metadata=minimal',
    });
  });

  it('names the environment as its own Web API does', async () => {
    const [instance] = await list('/Instances', { user: 'sales@contoso.onmicrosoft.com' });
    const { OrganizationId } = (await crm.get('WhoAmI')).json();
    expect(instance).toMatchObject({ Id: OrganizationId, UrlName: 'contoso', IsUserSysAdmin: false });
  });

  it('is empty for whom no environment lets in', async () => {
    expect(await list('/Instances', { user: 'nolicence@contoso.onmicrosoft.com' })).toEqual([]);
    const person = findUserByName(crm.context.directory, bob);
    updateUserProfile(crm.context.directory, person?.id ?? '', { licences: [] });
    expect(await list('/Instances', { user: bob })).toEqual([]);
  });

  it('is of its own cloud alone', async () => {
    const [instance, ...others] = await list('/Instances', { origin: governmentDiscovery });
    expect(others).toEqual([]);
    expect(instance?.Url).toBe('https://fabrikam-gov.crm9.dynamics.com');
    expect(await list('/Instances', { origin: 'https://globaldisco.crm.dynamics.cn' })).toEqual([]);
  });

  it('gives local addresses to who came by one', async () => {
    const [instance] = await list('/Instances', { origin: fabrikamOrigin });
    expect(instance).toMatchObject({ Url: fabrikamOrigin, ApiUrl: fabrikamOrigin });
    const [contoso] = await list('/Instances', { origin: crmOrigin, user: 'admin@contoso.onmicrosoft.com' });
    expect(contoso).toMatchObject({ Url: crmOrigin });
  });

  it('is selected', async () => {
    const answer = await discover('/Instances?$select=ApiUrl,FriendlyName');
    expect(answer.json()).toEqual({
      '@odata.context': `${globalDiscovery}${path}/$metadata#Instances(ApiUrl,FriendlyName)`,
      value: [{ ApiUrl: 'https://fabrikam.api.crm4.dynamics.com', FriendlyName: 'Fabrikam' }],
    });
    const [whole] = await list('/Instances?$select=*');
    expect(Object.keys(whole ?? {})).toHaveLength(20);
  });

  it.each([
    ["UniqueName eq 'unqfabrikam'", 1],
    ["UniqueName eq 'UnqFabrikam'", 0],
    ["'EMEA' eq Region and IsUserSysAdmin eq true", 1],
    ['IsUserSysAdmin', 1],
    ['not IsUserSysAdmin', 0],
    ['State ne 0 or OrganizationType le 0', 1],
    ['TrialExpirationDate gt 2022-07-14T00:00:00Z', 0],
    ['TrialExpirationDate eq null', 1],
    ['LastUpdated ge 2026-01-01', 1],
    ["not contains(Purpose,'test') and (startswith(FriendlyName,'Fab') or endswith(FriendlyName,'x'))", 1],
    ["contains(FriendlyName,'fab')", 0],
    ["endswith(FriendlyName,'kam')", 1],
  ])('is filtered by %s', async (filter, count) => {
    expect(await list(`/Instances?$filter=${encodeURIComponent(filter)}`)).toHaveLength(count);
  });

  it('is a list by its keys, too', async () => {
    const [{ Id: id } = {}] = await list('/Instances');
    for (const key of [String(id), "UniqueName='unqfabrikam'", "Region='EMEA'", 'State=0']) {
      expect(await list(`/Instances(${key})?$select=UrlName`)).toEqual([{ UrlName: 'fabrikam' }]);
    }
    expect(await list("/Instances(UniqueName='unqcontoso')")).toEqual([]);
    expect(await list('/Instances(00000000-0000-4000-8000-000000000000)')).toEqual([]);
  });

  it.each([
    ['/Instances?$filter=Owner%20eq%20%27x%27', 400, "property named 'Owner'"],
    ['/Instances?$select=Owner', 400, "property named 'Owner'"],
    ['/Instances?$filter=State%20eq%20%27x%27', 400, '$filter'],
    ['/Instances?$filter=Id%20eq%20%27x%27', 400, '$filter'],
    ['/Instances?$filter=State%20eq', 400, ''],
    ['/Instances?$filter=State%20add%201%20eq%201', 400, '$filter'],
    ['/Instances?$filter=tolower(UrlName)%20eq%20%27x%27', 400, '$filter'],
    ['/Instances?$top=1', 400, '$top'],
    ["/Instances(UrlName='fabrikam')", 400, 'key'],
    ['/Instances(%27x%27)', 400, '$filter'],
    ['/Organizations', 404, 'Organizations'],
    ['/Instances/$count', 404, '$count'],
    ['/%zz', 400, ''],
  ])('answers %s with %s', async (url, status, message) => {
    const answer = await discover(url);
    expect([answer.statusCode, answer.json().error?.message ?? answer.json().message]).toEqual([
      status,
      expect.stringContaining(message),
    ]);
  });
});

it('describes itself', async () => {
  const document = await discover('/');
  expect(document.json()).toEqual({
    '@odata.context': `${globalDiscovery}${path}/$metadata`,
    value: [{ name: 'Instances', kind: 'EntitySet', url: 'Instances' }],
  });
  expect((await discover('')).json()).toEqual(document.json());
  const metadata = await discover('/$metadata');
  expect(metadata.headers['content-type']).toContain('application/xml');
  expect(metadata.body).toContain('<Property Name="Id" Type="Edm.Guid" Nullable="false" />');
});

describe('without a token for it', () => {
  it('challenges with the common authority', async () => {
    const answer = await crm.app.inject({
      url: `${path}/Instances`,
      headers: { 'x-came-by': globalDiscovery },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer authorization_uri=http://localhost:4481/common/oauth2/authorize, resource_id=${globalDiscovery}/`,
    );
    expect(answer.json()).toEqual({ Message: 'Authorization has been denied for this request.' });
  });

  it.each([
    ['an environment', { aud: 'https://fabrikam.crm4.dynamics.com' }],
    ['another cloud', { aud: governmentDiscovery }],
    ['Graph', { aud: wellKnownIds.microsoftGraph }],
    ['nobody but the app', { scp: undefined }],
    ['another permission', { scp: 'User.Read' }],
    ['a time that is over', { exp: 1 }],
  ])('takes no token for %s', async (_what, claims) => {
    expect((await discover('/Instances', { claims })).statusCode).toBe(401);
  });

  it.each([`${globalDiscovery}/`, wellKnownIds.dynamicsCrm])('takes the audience %s', async (aud) => {
    expect((await discover('/Instances', { claims: { aud } })).statusCode).toBe(200);
  });
});

it('is not where environments are, nor they where it is', async () => {
  expect((await discover('/Instances', { origin: 'https://fabrikam.crm4.dynamics.com' })).statusCode).toBe(
    404,
  );
  const answer = await crm.get('/api/data/v9.2/WhoAmI', { 'x-came-by': globalDiscovery });
  expect(answer.statusCode).toBe(404);
});
