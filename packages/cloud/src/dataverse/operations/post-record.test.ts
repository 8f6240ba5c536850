import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anyText } from '../../testing/expected.ts';
import { makeAccount, representation, someId, unusedId } from '../testing/make-account.ts';
import { firstRow, openTestCrm, serviceRoot, type TestCrm, testTime } from '../testing/open-test-crm.ts';

let crm: TestCrm;
beforeEach(async () => {
  crm = await openTestCrm();
});
afterEach(() => crm.close());

describe('create', () => {
  it('answers 204 with the address of the row', async () => {
    const answer = await crm.call('POST', 'accounts', { body: { name: 'Latchkey GmbH', revenue: 12.345 } });
    expect(answer.statusCode).toBe(204);
    expect(answer.body).toBe('');
    const address = String(answer.headers['odata-entityid']);
    expect(address).toMatch(/^http:\/\/localhost:4483\/api\/data\/v9\.2\/accounts\([\da-f-]{36}\)$/);
    const row = (await crm.get(new URL(address).pathname)).json();
    const { UserId, BusinessUnitId } = (await crm.get('WhoAmI')).json();
    expect(row).toMatchObject({
      '@odata.context': `${serviceRoot}/$metadata#accounts/$entity`,
      name: 'Latchkey GmbH',
      revenue: 12.35,
      revenue_base: 12.35,
      statecode: 0,
      statuscode: 1,
      creditonhold: false,
      createdon: new Date(testTime).toISOString().replace('.000', ''),
      _createdby_value: UserId,
      _ownerid_value: UserId,
      _owningbusinessunit_value: BusinessUnitId,
    });
  });

  it('answers 201 with the row when the representation is preferred', async () => {
    const answer = await crm.call('POST', 'accounts?$select=name', {
      body: { name: 'Latchkey GmbH' },
      headers: representation,
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers).toMatchObject({
      'preference-applied': 'return=representation',
      etag: anyText,
    });
    expect(answer.headers).not.toHaveProperty('odata-entityid');
    expect(Object.keys(answer.json())).toEqual(['@odata.context', '@odata.etag', 'name', 'accountid']);
  });

  it('makes no row when the query asks for a column that is not there', async () => {
    const count = async () => (await crm.get('accounts/$count')).body;
    const before = await count();
    const answer = await crm.call('POST', 'accounts?$select=nope', {
      body: { name: 'Latchkey GmbH' },
      headers: representation,
    });
    expect(answer.statusCode).toBe(400);
    expect(await count()).toBe(before);
  });

  it('links rows by @odata.bind in all its spellings', async () => {
    const contact = await someId(crm, 'contacts', 'contactid');
    for (const url of [
      `/contacts(${contact})`,
      `contacts(${contact})`,
      `${serviceRoot}/contacts(${contact})`,
    ]) {
      const { row } = await makeAccount(crm, { name: 'A', 'primarycontactid@odata.bind': url });
      expect(row).toMatchObject({ _primarycontactid_value: contact });
    }
  });

  it('uses the currency that is bound, and the base currency otherwise', async () => {
    const dollar = firstRow((await crm.get("transactioncurrencies?$filter=isocurrencycode eq 'USD'")).json());
    const { row } = await makeAccount(crm, {
      name: 'A',
      revenue: 108,
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${dollar.transactioncurrencyid})`,
    });
    expect(row).toMatchObject({ exchangerate: 1.08, revenue_base: 100 });
  });

  it('makes nested rows with their links, all or nothing', async () => {
    const { id } = await makeAccount(crm, {
      name: 'Parent',
      primarycontactid: { firstname: 'Ada', lastname: 'Lovelace' },
      contact_customer_accounts: [{ lastname: 'One' }, { lastname: 'Two' }],
    });
    const contacts = (
      await crm.get(`accounts(${id})/contact_customer_accounts?$select=fullname&$orderby=fullname`)
    ).json();
    expect(contacts.value.map((row) => row.fullname)).toEqual(['One', 'Two']);
    const primary = await crm.get(`accounts(${id})/primarycontactid?$select=fullname`);
    expect(primary.json().fullname).toBe('Ada Lovelace');

    const before = (await crm.get('contacts/$count')).body;
    const failed = await crm.call('POST', 'accounts', {
      body: {
        name: 'Parent',
        primarycontactid: { lastname: 'X' },
        contact_customer_accounts: [{ colour: 'red' }],
      },
    });
    expect(failed.statusCode).toBe(400);
    expect((await crm.get('contacts/$count')).body).toBe(before);
  });

  it.each([
    [{ colour: 'red' }, 400, '0x80048d19', "Invalid property 'colour' was found in entity"],
    [
      { 'colour@odata.bind': '/contacts(1)' },
      400,
      '0x80048d19',
      "An undeclared property 'colour' which only has",
    ],
    [
      { _primarycontactid_value: unusedId },
      400,
      '0x80048d19',
      'CRM do not support direct update of Entity Reference',
    ],
    [{ name: 'x'.repeat(161) }, 400, '0x80044331', "exceeded the maximum allowed length of '160'."],
    [{ name: 5 }, 400, '0x80048d19', "Cannot convert the literal '5' to the expected type 'Edm.String'"],
    [{ numberofemployees: 1.5 }, 400, '0x80048d19', "'Edm.Int32'"],
    [{ numberofemployees: -1 }, 400, '0x8004432f', 'outside the valid range'],
    [{ revenue: 1e18 }, 400, '0x80044330', 'outside the valid range'],
    [{ revenue: '5' }, 400, '0x80048d19', "'Edm.Decimal'"],
    [{ industrycode: 4711 }, 400, '0x8004431a', 'The value 4711 of'],
    [{ statecode: 1, statuscode: 1 }, 400, '0x80048408', 'not a valid status code for state code 1'],
    [
      { 'primarycontactid@odata.bind': `/contacts(${unusedId})` },
      404,
      '0x80040217',
      `contact With Id = ${unusedId} Does Not Exist`,
    ],
    [{ 'primarycontactid@odata.bind': '/nothings(1)' }, 400, '0x80060888', "the segment 'nothings'"],
    [{ primarycontactid: 5 }, 400, '0x80048d19', 'takes an object'],
    [[], 400, '0x80048d19', 'must be a JSON object'],
    ['{"name":', 400, '0x80048d19', 'not valid JSON'],
    ['', 400, '0x80048d19', 'has no body'],
  ])('refuses %j', async (body, status, code, message) => {
    const answer = await crm.call('POST', 'accounts', { body });
    expect(answer.statusCode).toBe(status);
    expect(answer.json().error.code).toBe(code);
    expect(answer.json().error.message).toContain(message);
  });

  it('refuses a lookup to a row of the wrong table', async () => {
    const account = await someId(crm, 'accounts', 'accountid');
    const answer = await crm.call('POST', 'accounts', {
      body: { name: 'A', 'primarycontactid@odata.bind': `/accounts(${account})` },
    });
    expect(answer.json().error.message).toContain("leads to rows of 'contact'");
  });

  it('refuses an id and a key that are taken, and content that is not JSON', async () => {
    const { id } = await makeAccount(crm, { name: 'A', accountnumber: 'L-1' });
    const same = await crm.call('POST', 'accounts', { body: { accountid: id, name: 'B' } });
    expect([same.statusCode, same.json().error.code]).toEqual([412, '0x80040237']);
    const key = await crm.call('POST', 'accounts', { body: { accountnumber: 'l-1', name: 'B' } });
    expect([key.statusCode, key.json().error.code]).toEqual([412, '0x80060892']);
    const xml = await crm.call('POST', 'accounts', { body: '<a/>', headers: { 'content-type': 'text/xml' } });
    expect(xml.statusCode).toBe(415);
  });

  it('reads a body behind a byte order mark', async () => {
    const made = await crm.call('POST', 'accounts', { body: '\uFEFF{"name":"Marked"}' });
    expect(made.statusCode).toBe(204);
    expect((await crm.get("accounts/$count?$filter=name eq 'Marked'")).body).toBe('\uFEFF1');
  });

  it('passes over columns that the server keeps', async () => {
    const { row } = await makeAccount(crm, { name: 'A', createdon: '2001-01-01T00:00:00Z', revenue_base: 5 });
    expect(row).toMatchObject({ createdon: '2026-01-31T10:00:00Z', revenue_base: null });
  });

  it('adds details to errors when annotations are asked for', async () => {
    const headers = { prefer: 'odata.include-annotations="*"' };
    const { error } = (await crm.get(`accounts(${unusedId})`, headers)).json();
    expect(error).toMatchObject({
      code: '0x80040217',
      '@Microsoft.PowerApps.CDS.InnerError.Message': `account With Id = ${unusedId} Does Not Exist`,
    });
  });
});
