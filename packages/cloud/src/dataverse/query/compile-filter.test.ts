import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAccount } from '../testing/make-account.ts';
import { openTestCrm, type TestCrm } from '../testing/open-test-crm.ts';

// The accounts are made once: no test changes them.
let crm: TestCrm;
let cafe: string;
beforeAll(async () => {
  crm = await openTestCrm();
  await makeAccount(crm, { name: 'Q Empty' });
  await makeAccount(crm, { name: 'Q Full', numberofemployees: 5, revenue: 10, description: 'x' });
  ({ id: cafe } = await makeAccount(crm, { name: 'Café Zoë', accountnumber: 'É-1' }));
});
afterAll(() => crm.close());

function filter(text: string, more = '') {
  return crm.get(`accounts?$select=name&$orderby=name&$filter=${encodeURIComponent(text)}${more}`);
}

async function names(text: string, more?: string): Promise<string[]> {
  const body = (await filter(text, more)).json();
  return body.value.map(({ name }) => name);
}

/** Of the two rows that differ in whether they have values. */
async function found(condition: string): Promise<string[]> {
  return (await names(`startswith(name,'Q ') and (${condition})`)).map((name) => name.slice(2));
}

describe('three truths', () => {
  it.each([
    ['numberofemployees gt 4', ['Full']],
    ['not (numberofemployees gt 4)', []],
    ['not (numberofemployees gt 5)', ['Full']],
    ['not (not (numberofemployees gt 4))', ['Full']],
    ["not (numberofemployees gt 4 and name ne 'x')", []],
    ["not (name ne 'x' and numberofemployees gt 4)", []],
    ["not (numberofemployees gt 4 and name eq 'x')", ['Empty', 'Full']],
    ["not (name eq 'x' and numberofemployees gt 4)", ['Empty', 'Full']],
    ["not (numberofemployees gt 5 or name eq 'x')", ['Full']],
    ["not (name eq 'x' or numberofemployees gt 5)", ['Full']],
    ["numberofemployees gt 4 or name ne 'x'", ['Empty', 'Full']],
    ["name ne 'x' or numberofemployees gt 4", ['Empty', 'Full']],
    ['numberofemployees ne 5', ['Empty']],
    ['not (numberofemployees ne 5)', ['Full']],
    ['not (numberofemployees eq 5)', ['Empty']],
    ['numberofemployees gt null', []],
    ['not (numberofemployees gt null)', []],
    ['not (numberofemployees eq null)', ['Full']],
    ['null eq numberofemployees', ['Empty']],
    ['null ne numberofemployees', ['Full']],
    ["not contains(description,'y')", ['Empty', 'Full']],
    ['not creditonhold', ['Empty', 'Full']],
    ['numberofemployees ne revenue', ['Full']],
    ['numberofemployees eq revenue', []],
    ['not (numberofemployees eq revenue)', ['Full']],
    ['not (numberofemployees ne revenue)', []],
    ['5 eq numberofemployees', ['Full']],
    ['5 ne numberofemployees', ['Empty']],
    ['not (5 eq numberofemployees)', ['Empty']],
    ['5 gt numberofemployees', []],
    ['6 gt numberofemployees', ['Full']],
    ['null gt numberofemployees', []],
    ['null eq null', ['Empty', 'Full']],
    ['null ne null', []],
    ['creditonhold', []],
    ['creditonhold eq false', ['Empty', 'Full']],
    ['creditonhold eq true', []],
    ['creditonhold lt true', ['Empty', 'Full']],
  ])('%s', async (condition, expected) => {
    expect(await found(condition)).toEqual(expected);
  });
});

it.each([
  ['numberofemployees lt 5', []],
  ['numberofemployees le 5', ['Full']],
  ['numberofemployees ge 5', ['Full']],
  ['numberofemployees gt 5', []],
  ['revenue lt INF', ['Full']],
  ['revenue gt INF', []],
  ['revenue gt -INF', ['Full']],
  ['revenue lt -INF', []],
  ['revenue eq 1e1', ['Full']],
  ['revenue eq 10.0', ['Full']],
])('compares numbers: %s', async (condition, expected) => {
  expect(await found(condition)).toEqual(expected);
});

it.each([
  ['exchangerate eq 1', ['Full']],
  ['exchangerate gt 1', []],
  ['versionnumber gt 0', ['Empty', 'Full']],
  ['versionnumber lt 0', []],
  ['address1_latitude eq null', ['Empty', 'Full']],
  ['address1_latitude lt 90.5', []],
  ['preferredcontactmethodcode eq 1', ['Empty', 'Full']],
  ['preferredcontactmethodcode gt 1', []],
  ['statecode eq 0', ['Empty', 'Full']],
  ["description eq 'X'", ['Full']],
])('compares what is counted or chosen: %s', async (condition, expected) => {
  expect(await found(condition)).toEqual(expected);
});

it('reads through a lookup only where it points at a row of that table', async () => {
  const person = { lastname: 'Q Parent' };
  const made = await crm.call('POST', 'contacts', {
    body: person,
    headers: { prefer: 'return=representation' },
  });
  const parent = `/contacts(${made.json().contactid})`;
  const bound = { lastname: 'Q Child', 'parentcustomerid_contact@odata.bind': parent };
  expect((await crm.call('POST', 'contacts', { body: bound })).statusCode).toBe(204);
  const children = async (condition: string) => {
    const query = `$select=lastname&$filter=lastname eq 'Q Child' and ${condition}`;
    return (await crm.get(`contacts?${query}`)).json().value.length;
  };
  expect(await children("parentcustomerid_contact/lastname eq 'Q Parent'")).toBe(1);
  expect(await children('parentcustomerid_account/name eq null')).toBe(1);
  expect(await children('parentcustomerid_account/name ne null')).toBe(0);
});

// The rows were made at 10:00 UTC of 31 January 2026.
it.each([
  ['createdon eq 2026-01-31T11:00:00+01:00', ['Empty', 'Full']],
  ['createdon gt 2026-01-31T10:00:00Z', []],
  ['createdon gt 2026-01-31T09:59:59Z', ['Empty', 'Full']],
  ['createdon lt 2026-02-01', ['Empty', 'Full']],
  ['createdon lt 2026-01-31', []],
])('compares moments: %s', async (condition, expected) => {
  expect(await found(condition)).toEqual(expected);
});

it('compares days without a time', async () => {
  const contact = { lastname: 'Q Born', birthdate: '1990-05-17' };
  expect((await crm.call('POST', 'contacts', { body: contact })).statusCode).toBe(204);
  const born = async (condition: string) =>
    (await crm.get(`contacts?$select=lastname&$filter=lastname eq 'Q Born' and ${condition}`)).json().value
      .length;
  expect(await born('birthdate eq 1990-05-17')).toBe(1);
  expect(await born('birthdate lt 1990-05-17')).toBe(0);
  expect(await born('birthdate lt 1990-05-18')).toBe(1);
});

it.each([
  ['name eq 5', 'Edm.String', 'Edm.Decimal', 'Equal'],
  ['revenue ne true', 'Edm.Decimal', 'Edm.Boolean', 'NotEqual'],
  ["accountid gt 'x'", 'Edm.Guid', 'Edm.String', 'GreaterThan'],
  ['createdon ge 5', 'Edm.DateTimeOffset', 'Edm.Decimal', 'GreaterThanOrEqual'],
  ["creditonhold lt 'x'", 'Edm.Boolean', 'Edm.String', 'LessThan'],
  ['5 le name', 'Edm.Decimal', 'Edm.String', 'LessThanOrEqual'],
])('tells what %s mixes up', async (condition, left, right, operator) => {
  const answer = await filter(condition);
  expect([answer.statusCode, answer.json().error.message]).toEqual([
    400,
    `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${operator}'.`,
  ]);
});

it.each([
  ["name eq 'CAFÉ zoë'", 1],
  ["name eq 'Cafe Zoe'", 1],
  ["name ne 'cafe zoe' and startswith(name,'Café')", 0],
  ["name gt 'Cafe Zoe' and name lt 'Caff'", 0],
  ["name ge 'Cafe Zoe' and name le 'CAFÉ ZOE'", 1],
  ["contains(name,'fe z')", 1],
  ["contains(name,'E\u0301 ZOË')", 1],
  ["startswith(name,'cafe')", 1],
  ["endswith(name,'zoe')", 1],
  ["endswith(name,'zoa')", 0],
])('minds neither case nor accents: %s', async (condition, count) => {
  expect(await names(condition)).toHaveLength(count);
});

it.each([
  ["name eq 'caf%'", ['Café Zoë']],
  ["name eq '%ZOE'", ['Café Zoë']],
  ["'c_fe zoe' eq name", ['Café Zoë']],
  ["name eq '[bc]afe zoe'", ['Café Zoë']],
  ["name eq '[^c]afe zoe'", []],
  ["name eq '[%]'", []],
  ["name eq 'caf'", []],
  ["name ne 'caf%' and startswith(name,'caf')", []],
  ["not (name eq 'q _ul%') and startswith(name,'Q ')", ['Q Empty']],
  ["description ne '%x%' and startswith(name,'Q ')", ['Q Empty']],
  ["description eq '%' and startswith(name,'Q ')", ['Q Full']],
  ["name gt 'caf%' and name lt 'Caff'", ['Café Zoë']],
  // A constant beside another is compared as it is: the columns alone are matched.
  ["'cafe' eq 'caf%' and startswith(name,'caf')", []],
])('honours wildcards of SQL in a value: %s', async (condition, expected) => {
  expect(await names(condition)).toEqual(expected);
});

it.each(['É-1', 'e-1'])('finds by an alternate key, whatever its accents: %s', async (number) => {
  const answer = await crm.get(`accounts(accountnumber='${encodeURIComponent(number)}')?$select=name`);
  expect(answer.json().name).toBe('Café Zoë');
});

it('takes an alternate key that differs by accents alone for a duplicate', async () => {
  const answer = await crm.call('POST', 'accounts', { body: { name: 'Q', accountnumber: 'e-1' } });
  expect([answer.statusCode, answer.json().error.code]).toEqual([412, '0x80060892']);
});

it('takes GUIDs in capitals, in keys, filters and references', async () => {
  const id = cafe.toUpperCase();
  expect(await names(`accountid eq ${id}`)).toEqual(['Café Zoë']);
  expect((await crm.get(`accounts(${id})?$select=name`)).json()).toMatchObject({
    name: 'Café Zoë',
    accountid: cafe,
  });
  const contact = { lastname: 'Q', 'parentcustomerid_account@odata.bind': `/accounts(${id})` };
  expect((await crm.call('POST', 'contacts', { body: contact })).statusCode).toBe(204);
  const bound = await crm.get(`contacts?$select=lastname&$filter=_parentcustomerid_value eq ${id}`);
  expect(bound.json().value).toMatchObject([{ lastname: 'Q' }]);
});

it.each([
  ["contains(name,'a','b')", 'No function signature'],
  ["startswith(name,'a',null)", 'No function signature'],
  ["contains(a=name,b='x')", 'No function signature'],
  ["contains(a=name,'x')", "the function with name 'contains' matches the specified arguments"],
  ['contains(name)', 'No function signature'],
  ['contains()', 'No function signature'],
  ['contains(name,null)', "The expression 'contains(name,null)' is not supported"],
  ["contains(accountid,'1')", 'not supported'],
  ['@nowhere', "The parameter alias '@nowhere' has no value in the query."],
  ['name eq @nowhere', "The parameter alias '@nowhere' has no value in the query."],
  ["name eq contains(name,'x')", "An unknown function with name 'contains'"],
  ['revenue add 1', "The expression 'revenue add 1' is not supported"],
  ["name eq 'x' eq true", 'not supported'],
  ["name eq 'x' add 5", 'not supported'],
  ['createdon gt 2026-13-45', "'2026-13-45' is not a date."],
  ["contains(name,b='x')", 'No function signature'],
  ['contains(name,5)', 'not supported'],
  ['contains(name,accountnumber)', 'not supported'],
  ["contains(revenue,'1')", 'not supported'],
  ["contains('a','a')", 'not supported'],
  ["primarycontactid/contains(fullname,'a')", "An unknown function with name 'contains'"],
  ["toString(name,'a')", "An unknown function with name 'toString'"],
  ['-revenue gt 1', 'not supported'],
  ['-creditonhold', 'not supported'],
  ['null', 'not supported'],
  ['revenue eq [1]', 'not supported'],
  ["name eq 5 or name eq 'x'", 'incompatible types'],
  ["name EQ 'x'", 'Syntax error at position 5'],
  ["name eq 'x' AND revenue gt 1", 'Syntax error at position 12'],
  ["Contains(name,'x')", "An unknown function with name 'Contains'"],
  ['creditonhold eq 1', 'incompatible types'],
])('refuses %s', async (condition, message) => {
  const answer = await filter(condition);
  expect([answer.statusCode, answer.json().error.code]).toEqual([400, '0x80060888']);
  expect(answer.json().error.message).toContain(message);
});

it.each([
  [
    "Microsoft.Dynamics.CRM.Today(PropertyName='createdon')",
    "The query function 'Microsoft.Dynamics.CRM.Today'",
  ],
  [
    "name eq Microsoft.Dynamics.CRM.Today(PropertyName='createdon')",
    "The query function 'Microsoft.Dynamics.CRM.Today'",
  ],
  ["contact_customer_accounts/any(c:c/firstname eq 'x')", "The lambda operator 'any'"],
  ["contact_customer_accounts/all(c:c/firstname eq 'x')", "The lambda operator 'all'"],
  ["contact_customer_accounts/any(c:c/firstname eq 'x') eq true", "The lambda operator 'any'"],
])('says by name that %s is not built', async (condition, what) => {
  const answer = await filter(condition);
  expect([answer.statusCode, answer.json().error.message]).toEqual([
    501,
    `${what} is not available in the local Dataverse.`,
  ]);
});

it('compares with what an alias stands for', async () => {
  expect(await names('numberofemployees eq @n and name eq @p', "&@n=5&@p='Q Full'")).toEqual(['Q Full']);
  expect(await names('numberofemployees eq @n', '&@n=6')).toEqual([]);
});

it.each(["&@p=name eq 'Q Full'", "&%40p=name eq 'Q Full'"])(
  'takes a whole condition from an alias',
  async (alias) => {
    expect(await names('@p', alias)).toEqual(['Q Full']);
    expect(await names("@p and startswith(name,'Q ')", alias)).toEqual(['Q Full']);
  },
);

it.each(['@p', '@p eq 1', '1 eq @p', 'not @p'])(
  'refuses an alias that stands for itself or another: %s',
  async (condition) => {
    for (const more of ['&@p=@p', '&@p=@q&@q=@p', "&@p=@q&@q=name eq 'x'"]) {
      const answer = await filter(condition, more);
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, '0x80060888']);
      expect(answer.json().error.message).toContain("'@p' has no value");
    }
  },
);
