import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyFlag, anyText, textLike } from '../../testing/expected.ts';
import {
  type CrmAnswer,
  firstRow,
  openTestCrm,
  serviceRoot,
  type TestCrm,
} from '../testing/open-test-crm.ts';

let crm: TestCrm;
beforeAll(async () => {
  crm = await openTestCrm();
});
afterAll(() => crm.close());

async function names(query: string, table = 'accounts', column = 'name'): Promise<string[]> {
  const answer = await crm.get(`${table}?${query}`);
  expect(answer.json()).not.toHaveProperty('error');
  return answer.json().value.map((row) => String(row[column]));
}

describe('$select', () => {
  it('brings what is asked for, the key, the currency of money and the entity tag', async () => {
    const answer = await crm.get("accounts?$select=name,revenue&$filter=name eq 'Fabrikam, Inc.'");
    expect(answer.json()).toEqual({
      '@odata.context': `${serviceRoot}/$metadata#accounts(name,revenue)`,
      value: [
        {
          '@odata.etag': textLike(/^W\/"\d+"$/),
          name: 'Fabrikam, Inc.',
          revenue: 80_000_000,
          _transactioncurrencyid_value: anyText,
          accountid: anyText,
        },
      ],
    });
  });

  it('brings every column without it, empty ones as null', async () => {
    const row = firstRow((await crm.get('accounts?$top=1')).json());
    expect(row).toMatchObject({
      description: null,
      statecode: 0,
      creditonhold: anyFlag,
      _ownerid_value: anyText,
    });
    expect(row.exchangerate).toBe(1);
    expect(row.revenue_base).toBe(row.revenue);
  });

  it('refuses names the table does not have, and says how a lookup is read', async () => {
    const unknown = await crm.get('accounts?$select=colour');
    expect(unknown.statusCode).toBe(400);
    expect(unknown.json().error).toEqual({
      code: '0x80060888',
      message: "Could not find a property named 'colour' on type 'Microsoft.Dynamics.CRM.account'.",
    });
    const lookup = await crm.get('accounts?$select=primarycontactid');
    expect(lookup.json().error.message).toContain("'_primarycontactid_value'");
    expect((await crm.get('accounts?$select=Name')).statusCode).toBe(400);
  });
});

describe('$filter', () => {
  it.each([
    ["name eq 'contoso suites'", ['Contoso Suites']],
    ["startswith(name,'CONTOSO')", ['Contoso Pharmaceuticals', 'Contoso Suites']],
    ["endswith(name,'toys') and not contains(name,'Tail')", ['Wingtip Toys']],
    ['revenue gt 2000000000', ['Humongous Insurance', 'Woodgrove Bank']],
    ['revenue ge 2300000000 and revenue le 2300000000', ['Humongous Insurance']],
    ["(name eq 'Olympia' or name eq 'Relecloud') and numberofemployees lt 1000", ['Olympia']],
    ["primarycontactid/fullname eq 'yvonne mckay'", ['A. Datum Corporation']],
    ["contains(name,'Coho%ery')", ['Coho Winery']],
    ["contains(name,'[w]inery')", ['Coho Winery']],
    ["name eq @p1&@p1='Olympia'", ['Olympia']],
    ["name eq 'Munson''s Pickles and Preserves Farm'", ["Munson's Pickles and Preserves Farm"]],
    ['creditonhold and industrycode eq 16', []],
    ['createdon gt 2026-01-26T00:00:00Z', ['A. Datum Corporation']],
    ['createdon ge 2026-01-27', ['A. Datum Corporation']],
    ['numberofemployees gt revenue', []],
    ['1450 eq numberofemployees', ['Bellows College']],
  ])('%s', async (filter, expected) => {
    expect(await names(`$select=name&$orderby=name&$filter=${encodeURI(filter)}`)).toEqual(expected);
  });

  it('takes + for a blank and %24 for $', async () => {
    expect(await names("%24select=name&%24filter=name+eq+'Contoso+Suites'")).toEqual(['Contoso Suites']);
  });

  it('treats empty columns as Dataverse does: unlike any value, outside any order', async () => {
    const all = await crm.get('accounts/$count');
    const count = async (filter: string) => (await names(`$filter=${filter}`)).length;
    const total = Number(all.body.slice(1));
    expect(await count("description ne 'x'")).toBe(total);
    expect(await count("not (description eq 'x')")).toBe(total);
    expect(await count("not contains(description,'x')")).toBe(total);
    expect(await count('description eq null')).toBe(total);
    expect(await count('description ne null')).toBe(0);
    expect(await count("description gt 'a'")).toBe(0);
    expect(await count("not (description gt 'a')")).toBe(0);
    expect(await count('_primarycontactid_value eq null')).toBe(Math.floor(total / 7));
  });

  it('finds by lookup id and by the target-specific navigation', async () => {
    const account = firstRow((await crm.get("accounts?$filter=name eq 'Olympia'")).json());
    const byId = await names(
      `$filter=_parentcustomerid_value eq ${account.accountid}`,
      'contacts',
      'fullname',
    );
    const byPath = await names("$filter=parentcustomerid_account/name eq 'Olympia'", 'contacts', 'fullname');
    expect(byId).toHaveLength(2);
    expect(byPath).toEqual(byId);
    expect(await names('$filter=parentcustomerid_contact/fullname ne null', 'contacts')).toEqual([]);
  });

  it.each([
    ['name eq', 400, 'Expression expected at position 7'],
    ["colour eq 'x'", 400, "Could not find a property named 'colour'"],
    ["revenue eq 'x'", 400, 'incompatible types'],
    ["accountid eq 'x'", 400, 'incompatible types'],
    ["tolower(name) eq 'x'", 400, "An unknown function with name 'tolower'"],
    ['revenue add 1 gt 2', 400, 'not supported'],
    ["name in ('a','b')", 400, 'not supported'],
    ["contains('x',name)", 400, 'not supported'],
    ['contains(name)', 400, 'No function signature'],
    ['name', 400, 'not supported'],
    ['name eq @p9', 400, "'@p9' has no value"],
    ["contact_customer_accounts/fullname eq 'x'", 400, 'any() and all()'],
    ["contact_customer_accounts/any(c:c/firstname eq 'x')", 501, "The lambda operator 'any'"],
    ["Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['a'])", 501, 'Microsoft.Dynamics.CRM.In'],
    ['createdon gt 2026-13-45', 400, 'is not a date'],
  ])('refuses %s with %i', async (filter, status, message) => {
    const answer = await crm.get(`accounts?$filter=${encodeURIComponent(filter)}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().error.code).toBe('0x80060888');
    expect(answer.json().error.message).toContain(message);
  });
});

describe('$orderby', () => {
  it('sorts by several columns and directions, empty values first', async () => {
    const rows = (
      await crm.get('accounts?$select=address1_country,name&$orderby=address1_country desc,name')
    ).json().value;
    expect(rows[0]?.name).toBe('Baldwin Museum of Science');
    expect(rows.at(-1)?.name).toBe('A. Datum Corporation');
    const [first] = await names('$orderby=_primarycontactid_value,name');
    expect(first).toBe('Blue Yonder Airlines');
  });

  it('sorts lookups by the name of the row they point at', async () => {
    const rows = (
      await crm.call('GET', 'contacts?$orderby=_parentcustomerid_value desc&$top=1', {
        headers: { prefer: 'odata.include-annotations="*"' },
      })
    ).json().value;
    expect(rows[0]?.['_parentcustomerid_value@OData.Community.Display.V1.FormattedValue']).toBe(
      'Woodgrove Bank',
    );
  });

  it('refuses expressions', async () => {
    expect((await crm.get('accounts?$orderby=contains(name,%27x%27)')).statusCode).toBe(400);
  });
});

describe('paging', () => {
  it.each(['', '$orderby=address1_country desc&', '$orderby=description,revenue&'])(
    'brings every row once over the pages of %s',
    async (order) => {
      const headers = { prefer: 'odata.maxpagesize=5' };
      const seen: string[] = [];
      let path: string | undefined = `accounts?$select=name&${order}$count=true`;
      let pages = 0;
      while (path) {
        const page: CrmAnswer = await crm.get(path, headers);
        expect(page.headers['preference-applied']).toBe('odata.maxpagesize=5');
        const body = page.json();
        expect(body['@odata.count']).toBe(42);
        seen.push(...body.value.map((row) => row.name));
        path =
          '@odata.nextLink' in body
            ? body['@odata.nextLink'].replace('http://localhost:4483', '')
            : undefined;
        pages += 1;
      }
      expect(pages).toBe(9);
      expect(new Set(seen).size).toBe(42);
      expect(seen).toEqual(await names(`$select=name&${order}`));
    },
  );

  it('writes the doubly encoded cookie after the rows', async () => {
    const answer = await crm.get('accounts?$select=name', { prefer: 'odata.maxpagesize=1' });
    const row = firstRow(answer.json());
    const id = row.accountid.toUpperCase();
    expect(answer.json()['@odata.nextLink']).toBe(
      `${serviceRoot}/accounts?$select=name&$skiptoken=%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253ccookie%2520page%253d%25221%2522%253e%253caccountid%2520last%253d%2522%257b${id}%257d%2522%2520first%253d%2522%257b${id}%257d%2522%2520%252f%253e%253c%252fcookie%253e%22%20istracking=%22False%22%20/%3E`,
    );
    expect(Object.keys(answer.json()).at(-1)).toBe('@odata.nextLink');
  });

  it('goes on from the same row when rows before it are deleted meanwhile', async () => {
    const other = await openTestCrm();
    const headers = { prefer: 'odata.maxpagesize=2' };
    const first = (await other.get('leads?$select=subject', headers)).json();
    const all = (await other.get('leads?$select=subject')).json().value;
    await other.call('DELETE', `leads(${firstRow(first).leadid})`);
    const second = (
      await other.get(first['@odata.nextLink'].replace('http://localhost:4483', ''), headers)
    ).json();
    expect(second.value.map((row) => row.leadid)).toEqual([all[2]?.leadid, all[3]?.leadid]);
    await other.close();
  });

  it('passes over $top with a page size, and applies it without', async () => {
    expect((await crm.get('accounts?$top=3', { prefer: 'odata.maxpagesize=5' })).json().value).toHaveLength(
      5,
    );
    const answer = (await crm.get('accounts?$top=3&$count=true')).json();
    expect(answer.value).toHaveLength(3);
    expect(answer['@odata.count']).toBe(42);
    expect(answer).not.toHaveProperty('@odata.nextLink');
  });

  it.each([
    ['$skip=5', '0x80060888', 'Skip Clause is not supported in CRM'],
    ['$search=x', '0x0', 'The query parameter $search is not supported'],
    ['$format=json', '0x0', 'The query parameter $format is not supported'],
    ['filter=x', '0x0', 'The query parameter filter is not supported'],
    ['$top=-1', '0x80060888', 'non-negative integer'],
    ['$top=5001', '0x80060888', 'The limit of $top'],
    ['$count=yes', '0x80060888', "Invalid value 'yes'"],
    ['$select=name&$select=revenue', '0x80060888', 'at most once'],
    ['$skiptoken=x', '0x80040203', 'Malformed XML in the Paging Cookie'],
  ])('refuses %s', async (query, code, message) => {
    const answer = await crm.get(`accounts?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.code).toBe(code);
    expect(answer.json().error.message).toContain(message);
  });

  it.each([
    '$expand=primarycontactid($select=fullname)',
    '$apply=aggregate($count as n)',
    'fetchXml=%3Cfetch/%3E',
  ])('says that %s is not there yet', async (query) => {
    const answer = await crm.get(`accounts?${query}`);
    expect(answer.statusCode).toBe(501);
    expect(answer.json().error.message).toContain('is not available in the local Dataverse');
  });
});

describe('$count and annotations', () => {
  it('counts as bare text with a byte order mark', async () => {
    const answer = await crm.get("accounts/$count?$filter=startswith(name,'Contoso')");
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.rawPayload).toEqual(Buffer.from([0xef, 0xbb, 0xbf, '2'.charCodeAt(0)]));
  });

  it('adds formatted values, lookup names and totals when asked for', async () => {
    const answer = await crm.get(
      "accounts?$select=name,revenue,statecode,createdon,_primarycontactid_value&$filter=name eq 'Relecloud'&$count=true",
      { prefer: 'odata.include-annotations="*"' },
    );
    expect(answer.headers['preference-applied']).toBe('odata.include-annotations="*"');
    const formatted = 'OData.Community.Display.V1.FormattedValue';
    expect(answer.json()).toMatchObject({
      '@Microsoft.Dynamics.CRM.totalrecordcount': 1,
      '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': false,
      value: [
        {
          [`revenue@${formatted}`]: '€118,000,000.00',
          [`statecode@${formatted}`]: 'Active',
          [`createdon@${formatted}`]: '9/29/2025 10:00 AM',
          '_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
          '_primarycontactid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'primarycontactid',
          [`_primarycontactid_value@${formatted}`]: anyText,
        },
      ],
    });
  });

  it('leaves out annotations that the list does not name', async () => {
    const prefer =
      'odata.include-annotations="Microsoft.Dynamics.CRM.*,-Microsoft.Dynamics.CRM.totalrecordcount"';
    const body = (await crm.get('accounts?$top=1', { prefer })).json();
    expect(body).toHaveProperty('@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded');
    expect(body).not.toHaveProperty('@Microsoft.Dynamics.CRM.totalrecordcount');
    expect(Object.keys(firstRow(body)).filter((name) => name.includes('FormattedValue'))).toEqual([]);
  });
});
