import { afterAll, beforeAll, expect, it } from 'vitest';
import { listWith, textLike } from '../../testing/expected.ts';
import { firstRow, openTestCrm, serviceRoot, type TestCrm } from '../testing/open-test-crm.ts';

let crm: TestCrm;
beforeAll(async () => {
  crm = await openTestCrm();
});
afterAll(() => crm.close());

it.each(['/api/data/v9.2/', '/api/data/v9.2'])('lists the entity sets at %s', async (path) => {
  const body = (await crm.get(path)).json();
  expect(body['@odata.context']).toBe(`${serviceRoot}/$metadata`);
  expect(body.value).toContainEqual({ name: 'accounts', kind: 'EntitySet', url: 'accounts' });
});

it('describes every table that it lists, with types, keys and navigation', async () => {
  const answer = await crm.get('$metadata');
  expect(answer.headers['content-type']).toMatch(/^application\/xml/);
  expect(answer.body).toContain('<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm"');
  const sets = (await crm.get('/api/data/v9.2/')).json().value;
  for (const { name } of sets) expect(answer.body).toContain(`<EntitySet Name="${name}"`);
  const account = answer.body.slice(answer.body.indexOf('<EntityType Name="account"'));
  expect(account).toContain('<PropertyRef Name="accountid" />');
  expect(account).toContain('<Property Name="revenue" Type="Edm.Decimal" />');
  expect(account).toContain('<Property Name="_primarycontactid_value" Type="Edm.Guid" />');
  expect(account).toContain('<NavigationProperty Name="primarycontactid" Type="mscrm.contact"');
  expect(account).toContain('Name="contact_customer_accounts" Type="Collection(mscrm.contact)"');
});

it('brings rows with exactly the properties that the metadata declares', async () => {
  const metadata = (await crm.get('$metadata')).body;
  for (const [set, type] of [
    ['accounts', 'account'],
    ['contacts', 'contact'],
    ['leads', 'lead'],
    ['opportunities', 'opportunity'],
    ['systemusers', 'systemuser'],
    ['businessunits', 'businessunit'],
    ['organizations', 'organization'],
  ]) {
    const [, block = ''] =
      new RegExp(`<EntityType Name="${type}"(.*?)</EntityType>`, 's').exec(metadata) ?? [];
    const declared = [...block.matchAll(/<Property Name="([^"]+)"/g)].map((match) => match[1]);
    const row = firstRow((await crm.get(`${set}?$top=1`)).json());
    expect(Object.keys(row).filter((name) => !name.startsWith('@'))).toEqual(declared);
  }
});

it('tells its version', async () => {
  expect((await crm.get('RetrieveVersion()')).json().Version).toMatch(/^9\.2\./);
});

const accessType = "Microsoft.Dynamics.CRM.EndpointAccessType'Default'";

it.each([`(AccessType=${accessType})`, `(AccessType=@p1)?@p1=${accessType}`])(
  'tells which environment it is: %s',
  async (call) => {
    const answer = await crm.get(`RetrieveCurrentOrganization${call}`);
    expect(answer.json()).toMatchObject({
      '@odata.context': textLike(/#Microsoft\.Dynamics\.CRM\.RetrieveCurrentOrganizationResponse$/),
      Detail: {
        OrganizationId: (await crm.get('WhoAmI')).json().OrganizationId,
        UrlName: 'contoso',
        State: 'Enabled',
        Endpoints: { Count: 3, Keys: listWith(['WebApplication']) },
      },
    });
  },
);

it.each(['', '()', "(AccessType='Default')", `(Access=${accessType})`])(
  'asks for the access type: RetrieveCurrentOrganization%s',
  async (call) => {
    expect((await crm.get(`RetrieveCurrentOrganization${call}`)).statusCode).toBe(400);
  },
);

it('keeps ids of sample rows the same in every new environment', async () => {
  const other = await openTestCrm();
  const query = 'opportunities?$select=opportunityid';
  const ids = async (from: TestCrm) => (await from.get(query)).json().value.map((row) => row.opportunityid);
  expect(await ids(other)).toEqual(await ids(crm));
  await other.close();
});
