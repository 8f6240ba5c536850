import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAccount, someId } from '../testing/make-account.ts';
import { firstRow, openTestCrm, type TestCrm } from '../testing/open-test-crm.ts';

let crm: TestCrm;
beforeEach(async () => {
  crm = await openTestCrm();
});
afterEach(() => crm.close());

describe('delete', () => {
  it('answers 204, and 404 when the row is gone', async () => {
    const { path, id } = await makeAccount(crm);
    expect((await crm.call('DELETE', path)).statusCode).toBe(204);
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await crm.call(method, path);
      expect([answer.statusCode, answer.json().error.message]).toEqual([
        404,
        `account With Id = ${id} Does Not Exist`,
      ]);
    }
  });

  it("takes an account's contacts with it and leaves the rows that only mention them", async () => {
    const account = firstRow((await crm.get("accounts?$filter=name eq 'Olympia'")).json());
    const contact = firstRow(
      (await crm.get(`accounts(${account.accountid})/contact_customer_accounts`)).json(),
    );
    const { path } = await makeAccount(crm, {
      name: 'B',
      'primarycontactid@odata.bind': `/contacts(${contact.contactid})`,
    });
    await crm.call('DELETE', `accounts(${account.accountid})`);
    expect((await crm.get(`contacts(${contact.contactid})`)).statusCode).toBe(404);
    expect((await crm.get(path)).json()).toMatchObject({ name: 'B', _primarycontactid_value: null });
  });

  it('refuses while rows depend on it, and for tables that keep their rows', async () => {
    const unit = await someId(crm, 'businessunits', 'businessunitid');
    const restricted = await crm.call('DELETE', `businessunits(${unit})`);
    expect([restricted.statusCode, restricted.json().error.code]).toEqual([405, '0x80040227']);
    const organization = await someId(crm, 'organizations', 'organizationid');
    const kept = await crm.call('DELETE', `organizations(${organization})`);
    expect([kept.statusCode, kept.json().error.code]).toEqual([405, '0x8004023b']);
  });
});
