import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAccount, unusedId } from '../testing/make-account.ts';
import { openTestCrm, serviceRoot, type TestCrm } from '../testing/open-test-crm.ts';

let crm: TestCrm;
beforeEach(async () => {
  crm = await openTestCrm();
});
afterEach(() => crm.close());

describe('read one', () => {
  it('reads by id, by alternate key, a property, its raw value', async () => {
    const { path } = await makeAccount(crm, { name: "O'Neil / Sons", accountnumber: "K'1/2" });
    const byKey = await crm.get(`accounts(accountnumber='${encodeURIComponent("K''1/2")}')?$select=name`);
    expect(byKey.json()).toMatchObject({
      '@odata.context': `${serviceRoot}/$metadata#accounts(name)/$entity`,
      name: "O'Neil / Sons",
    });
    const property = await crm.get(`${path}/name`);
    expect(property.json()).toEqual({
      '@odata.context': `${serviceRoot}/$metadata#${path}/name`,
      value: "O'Neil / Sons",
    });
    const raw = await crm.get(`${path}/name/$value`);
    expect([raw.headers['content-type'], raw.body]).toEqual(['text/plain', "O'Neil / Sons"]);
    expect((await crm.get(`${path}/description`)).statusCode).toBe(204);
    expect((await crm.get(`${path}/primarycontactid`)).statusCode).toBe(204);
  });

  it('answers 304 to a version that the caller has, and the row to null and old ones', async () => {
    const { path, etag } = await makeAccount(crm);
    const answer = await crm.get(path, { 'if-none-match': etag });
    expect([answer.statusCode, answer.body]).toEqual([304, '']);
    expect((await crm.get(path, { 'if-none-match': 'null' })).statusCode).toBe(200);
    await crm.call('PATCH', path, { body: { name: 'New' } });
    expect((await crm.get(path, { 'if-none-match': etag })).statusCode).toBe(200);
  });

  it.each([
    [`accounts(${unusedId})`, 404, '0x80040217', `account With Id = ${unusedId} Does Not Exist`],
    ["accounts(accountnumber='none')", 404, '0x80060891', 'does not exist in account entity'],
    ["accounts(name='none')", 400, '0x80060888', 'The key in the request URI is not valid for resource'],
    ["accounts('none')", 400, '0x80060888', 'The key in the request URI is not valid'],
    ['accountz', 404, '0x80060888', "Resource not found for the segment 'accountz'."],
    ['Accounts', 404, '0x80060888', "Resource not found for the segment 'Accounts'."],
    ['accounts(1', 400, '0x80060888', "',' expected"],
    [`accounts?$select=name,`, 400, '0x80060888', 'Property name expected at position 5'],
    [`accounts(${unusedId})?$filter=name eq 'x'`, 404, '0x80040217', 'Does Not Exist'],
    ['WhoAmI(x=1)', 400, '0x80060888', 'takes no parameters'],
    ['EntityDefinitions', 501, '0x80060888', "'EntityDefinitions' is not available"],
  ])('refuses %s', async (path, status, code, message) => {
    const answer = await crm.get(path);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().error.code).toBe(code);
    expect(answer.json().error.message).toContain(message);
  });
});
