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
  ["name eq 'CAFÉ zoë'", 1],
  ["name eq 'Cafe Zoe'", 0],
  ["name gt 'Cafe Zoe' and name lt 'Caff'", 1],
  ["contains(name,'é')", 1],
  ["contains(name,'É ZOË')", 1],
  ["startswith(name,'CAFÉ')", 1],
  ["endswith(name,'Ë')", 1],
  ["endswith(name,'zoe')", 0],
])('minds accents and not case: %s', async (condition, count) => {
  expect(await names(condition)).toHaveLength(count);
});

it('finds by an alternate key with an accent', async () => {
  const answer = await crm.get(`accounts(accountnumber='${encodeURIComponent('É-1')}')?$select=name`);
  expect(answer.json().name).toBe('Café Zoë');
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
  ['creditonhold eq 1', 'incompatible types'],
])('refuses %s', async (condition, message) => {
  const answer = await filter(condition);
  expect([answer.statusCode, answer.json().error.code]).toEqual([400, '0x80060888']);
  expect(answer.json().error.message).toContain(message);
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
