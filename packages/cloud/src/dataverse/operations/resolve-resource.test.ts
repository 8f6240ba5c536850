import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAccount, representation, unusedId } from '../testing/make-account.ts';
import { openTestCrm, serviceRoot, type TestCrm } from '../testing/open-test-crm.ts';

let crm: TestCrm;
let account: string;
let contact: string;
beforeEach(async () => {
  crm = await openTestCrm();
  ({ path: account } = await makeAccount(crm, { name: 'Q', accountnumber: 'Q-1' }));
  const body = { lastname: 'Person', 'parentcustomerid_account@odata.bind': `/${account}` };
  const made = await crm.call('POST', 'contacts', { body, headers: representation });
  contact = `contacts(${made.json().contactid})`;
});
afterEach(() => crm.close());

describe('paths', () => {
  it('lead over lookups and collections, by ids and by keys', async () => {
    const id = contact.slice('contacts'.length);
    for (const [path, value] of [
      [`${contact}/parentcustomerid_account/name`, 'Q'],
      [`${account}/contact_customer_accounts${id}/lastname`, 'Person'],
      [`${contact}/parentcustomerid_account/contact_customer_accounts${id}/lastname`, 'Person'],
      ["accounts(accountnumber='q-1')/name", 'Q'],
    ]) {
      expect((await crm.get(path ?? '')).json().value).toBe(value);
    }
    expect((await crm.get(`${contact}/parentcustomerid_account`)).json()).toMatchObject({ name: 'Q' });
    expect((await crm.get(`${account}/contact_customer_accounts/$count`)).body).toBe('\uFEFF1');
    expect((await crm.get(`${contact}/parentcustomerid_account/$ref`)).json()['@odata.id']).toBe(
      `${serviceRoot}/${account}`,
    );
  });

  it('end with nothing where a lookup is empty or holds a row of another table', async () => {
    for (const path of [
      `${account}/primarycontactid`,
      `${account}/primarycontactid/fullname`,
      `${account}/primarycontactid/$ref`,
      `${contact}/parentcustomerid_contact`,
      `${contact}/parentcustomerid_contact/$ref`,
    ]) {
      expect([path, (await crm.get(path)).statusCode]).toEqual([path, 204]);
    }
  });

  it.each([
    ['accounts/name', 'name'],
    ['accounts/$count/x', '$count'],
    ['accounts/$ref', '$ref'],
    ['ACCOUNT/name/x', 'x'],
    ['ACCOUNT/name/$value/x', '$value'],
    ['ACCOUNT/name(1)', 'name'],
    ['ACCOUNT/primarycontactid(1)', 'primarycontactid'],
    ['ACCOUNT/primarycontactid_value', 'primarycontactid_value'],
    ['ACCOUNT/nothing', 'nothing'],
    ['ACCOUNT/contact_customer_accounts/$ref/x', '$ref'],
    ['ACCOUNT/contact_customer_accounts/$count/x', '$count'],
    ['$metadata/x', '$metadata'],
    ['WhoAmI/x', 'WhoAmI'],
    ['WhoAmi', 'WhoAmi'],
  ])('refuse %s', async (path, segment) => {
    const answer = await crm.get(path.replace('ACCOUNT', account));
    expect([answer.statusCode, answer.json().error.message]).toEqual([
      404,
      `Resource not found for the segment '${segment}'.`,
    ]);
  });

  it.each(['incidents', 'tasks(1)/subject', "RetrieveTotalRecordCount(EntityNames=['account'])"])(
    'say of %s by its name that the real Web API has it',
    async (path) => {
      const answer = await crm.get(path);
      const [name] = path.split(/[(/]/);
      expect([answer.statusCode, answer.json().error.message]).toEqual([
        501,
        `'${name}' is not available in the local Dataverse.`,
      ]);
    },
  );

  it.each(['$batch', 'EntityDefinitions', 'ACCOUNT/Microsoft.Dynamics.CRM.account'])(
    'say of %s that it is not there yet',
    async (path) => {
      expect((await crm.get(path.replace('ACCOUNT', account))).statusCode).toBe(501);
    },
  );

  it.each([
    ['accounts(%)', 400],
    ['accounts(accountnumber=5)', 400],
    ["accounts(accountid='x')", 400],
    ["accounts(accountnumber='Q-1',name='Q')", 400],
    ['accounts()', 400],
    [`accounts(${unusedId},${unusedId})`, 400],
    [`accounts(contactid=${unusedId})`, 400],
  ])('refuse the key of %s', async (path, status) => {
    expect((await crm.get(path)).statusCode).toBe(status);
  });

  it('take the id by its name', async () => {
    const named = account.replace('(', '(accountid=');
    expect((await crm.get(`${named}/name`)).json().value).toBe('Q');
  });
});

describe('methods', () => {
  it.each([
    ['POST', 'ACCOUNT/name', 'GET, PUT, DELETE'],
    ['PUT', 'ACCOUNT/name/$value', 'GET'],
    ['POST', 'CONTACT/parentcustomerid_account/$ref', 'GET, PUT, DELETE'],
    ['PUT', 'ACCOUNT/contact_customer_accounts/$ref', 'GET, POST, DELETE'],
    ['DELETE', 'ACCOUNT/primarycontactid', 'GET'],
    ['PATCH', '', 'GET'],
  ] as const)('%s %s is answered with what is allowed', async (method, path, allow) => {
    const answer = await crm.call(method, path.replace('ACCOUNT', account).replace('CONTACT', contact), {
      body: {},
    });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow]);
  });

  it.each([
    ['PUT', 'ACCOUNT/name', {}, "'value'"],
    ['PUT', 'CONTACT/parentcustomerid_account/$ref', {}, "'@odata.id'"],
    ['PUT', 'CONTACT/parentcustomerid_account/$ref', { '@odata.id': 5 }, "'@odata.id'"],
    ['POST', 'ACCOUNT/contact_customer_accounts/$ref', { '@odata.id': 'ACCOUNT' }, "holds rows of 'contact'"],
    ['POST', 'ACCOUNT/contact_customer_accounts/$ref', { '@odata.id': 'contacts' }, "segment 'contacts'"],
    ['POST', 'ACCOUNT/contact_customer_accounts/$ref', { '@odata.id': 'CONTACT/lastname' }, "'contacts'"],
    ['DELETE', 'ACCOUNT/contact_customer_accounts/$ref', undefined, 'named in the path or by $id'],
  ] as const)('%s %s with %j is refused', async (method, path, body, message) => {
    const filled = (text: string) => text.replace('ACCOUNT', account).replace('CONTACT', contact);
    const answer = await crm.call(method, filled(path), {
      ...(body && { body: JSON.parse(filled(JSON.stringify(body))) }),
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.message).toContain(message);
  });

  it('a row is added to the collection, not to one of its rows', async () => {
    const member = contact.slice('contacts'.length);
    const answer = await crm.call('POST', `${account}/contact_customer_accounts${member}/$ref`, {
      body: { '@odata.id': contact },
    });
    expect(answer.statusCode).toBe(400);
  });

  it('take out of a collection what it holds, and nothing that another holds', async () => {
    const other = await makeAccount(crm, { name: 'Other' });
    const refused = await crm.call('DELETE', `${other.path}/contact_customer_accounts/$ref?$id=${contact}`);
    expect(refused.statusCode).toBe(404);
    expect((await crm.get(contact)).json()).toMatchObject({
      _parentcustomerid_value: account.slice('accounts('.length, -1),
    });
  });
});

describe('the other options of a query', () => {
  it.each([
    ['GET', 'ACCOUNT/name'],
    ['GET', 'ACCOUNT/name/$value'],
    ['PUT', 'ACCOUNT/name'],
    ['DELETE', 'ACCOUNT/description'],
    ['GET', 'CONTACT/parentcustomerid_account/$ref'],
    ['PUT', 'CONTACT/parentcustomerid_account/$ref'],
    ['DELETE', 'CONTACT/parentcustomerid_account/$ref'],
    ['GET', 'ACCOUNT/contact_customer_accounts/$ref'],
    ['POST', 'ACCOUNT/contact_customer_accounts/$ref'],
    ['GET', 'WhoAmI'],
  ] as const)('are refused by %s %s, which then does nothing', async (method, path) => {
    const before = await Promise.all([account, contact].map(async (row) => (await crm.get(row)).json()));
    const url = path.replace('ACCOUNT', account).replace('CONTACT', contact);
    const answer = await crm.call(method, `${url}?$top=1`, {
      ...(method !== 'GET' && { body: { value: 'New', '@odata.id': contact } }),
    });
    expect(answer.statusCode).toBe(400);
    expect(await Promise.all([account, contact].map(async (row) => (await crm.get(row)).json()))).toEqual(
      before,
    );
  });
});
