import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestCrm, type TestCrm } from '../testing/open-test-crm.ts';

// No test changes a row.
let crm: TestCrm;
beforeAll(async () => {
  crm = await openTestCrm();
});
afterAll(() => crm.close());

it.each([
  ['$skip=1', 400, '0x80060888', 'Skip Clause is not supported in CRM'],
  ['$apply=x', 501, '0x80060888', "The query option '$apply' is not available in the local Dataverse."],
  ['$deltatoken=x', 501, '0x80060888', "The query option '$deltatoken' is not available"],
  ['fetchXml=x', 501, '0x80060888', "The query option 'fetchXml' is not available"],
  ['savedQuery=x', 501, '0x80060888', "The query option 'savedQuery' is not available"],
  ['userQuery=x', 501, '0x80060888', "The query option 'userQuery' is not available"],
  ['$expand=primarycontactid', 501, '0x80060888', "The query option '$expand' is not available"],
  ['$expand=,', 400, '0x80060888', ''],
  ['nonsense=1', 400, '0x0', 'The query parameter nonsense is not supported'],
  ['p@=1', 400, '0x0', 'The query parameter p@ is not supported'],
  [
    '$filter=true&$filter=true',
    400,
    '0x80060888',
    "Query option '$filter' was specified more than once, but it must be specified at most once.",
  ],
  ['$filter=', 400, '0x80060888', ''],
  [
    '$top=x',
    400,
    '0x80060888',
    "Invalid value 'x' for $top query option found. The $top query option requires a non-negative integer value.",
  ],
  [
    '$top=5001',
    400,
    '0x80060888',
    'The limit of $top is 5000 rows; use paging (odata.maxpagesize) for more.',
  ],
  ['$top=x1', 400, '0x80060888', "Invalid value 'x1'"],
  ['$top=1x', 400, '0x80060888', "Invalid value '1x'"],
  ['$top=1234567890', 400, '0x80060888', "Invalid value '1234567890'"],
  [
    '$count=yes',
    400,
    '0x80060888',
    "Invalid value 'yes' for $count query option found. Valid values are 'true' and 'false'.",
  ],
])('refuses %s with a reason', async (query, status, code, message) => {
  const answer = await crm.get(`accounts?${query}`);
  const { error } = answer.json();
  expect([answer.statusCode, error.code]).toEqual([status, code]);
  expect(error.message).toContain(message);
});

it.each(['$filter', '$top', '$count', '$skiptoken', '$orderby'])(
  'takes no %s where one row is asked for',
  async (name) => {
    const { value } = (await crm.get('accounts?$select=accountid&$top=1')).json();
    const answer = await crm.get(`accounts(${value[0]?.accountid})?${name}=1`);
    expect([answer.statusCode, answer.json().error.message]).toEqual([
      400,
      `The query option '${name}' can't be used with this resource.`,
    ]);
  },
);

it('takes options whose names and blanks are encoded', async () => {
  const { value } = (await crm.get('accounts?%24select=name&%24orderby=name+desc&%24top=1')).json();
  expect(value.map(({ name }) => name)).toEqual(['Woodgrove Bank']);
});

it('takes empty lists of columns and of orders for none, and no $expand for an empty one', async () => {
  const answer = await crm.get('accounts?$select=&$orderby=&$expand=&$top=1');
  expect([answer.statusCode, answer.json().value.length]).toEqual([200, 1]);
});

it.each(['true', 'false'])('reads $count=%s', async (count) => {
  const body = (await crm.get(`accounts?$select=name&$top=1&$count=${count}`)).json();
  expect('@odata.count' in body).toBe(count === 'true');
});

it.each([
  ['nothing', "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.account'."],
  [
    'primarycontactid',
    "Could not find a property named 'primarycontactid' on type 'Microsoft.Dynamics.CRM.account'. A lookup is read as '_primarycontactid_value'.",
  ],
  [
    'primarycontactid/nothing',
    "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.contact'.",
  ],
  ['nothing/name', "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.account'."],
  [
    'contact_customer_accounts/fullname',
    "'contact_customer_accounts' is a collection: it can be filtered by any() and all() only.",
  ],
])('says why a filter can not name %s', async (name, message) => {
  const answer = await crm.get(`accounts?$filter=${name} eq null`);
  const { error } = answer.json();
  expect([answer.statusCode, error.code, error.message]).toEqual([400, '0x80060888', message]);
});

it('says why $select can not go through another row', async () => {
  const { error } = (await crm.get('accounts?$select=primarycontactid/fullname')).json();
  expect([error.code, error.message]).toEqual([
    '0x80060888',
    "Found a path with multiple navigation properties or a bad complex property path in a select clause: 'primarycontactid/fullname'. Use $expand for columns of related rows.",
  ]);
});

it('says why $orderby can not sort by a sum', async () => {
  const { error } = (await crm.get('accounts?$orderby=revenue add 1')).json();
  expect(error.message).toBe(
    "The $orderby expression 'revenue add 1' must evaluate to a single value of primitive type.",
  );
});
