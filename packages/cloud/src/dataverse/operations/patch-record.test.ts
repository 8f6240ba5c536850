import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAccount, representation, someId, unusedId } from '../testing/make-account.ts';
import { openTestCrm, serviceRoot, type TestCrm } from '../testing/open-test-crm.ts';

let crm: TestCrm;
beforeEach(async () => {
  crm = await openTestCrm();
});
afterEach(() => crm.close());

describe('update', () => {
  it('changes the columns in the body and no others', async () => {
    const { path, id, etag } = await makeAccount(crm, { name: 'Old', telephone1: '1' });
    crm.clock.advance(60_000);
    const answer = await crm.call('PATCH', path, { body: { name: 'New' } });
    expect([answer.statusCode, answer.headers['odata-entityid']]).toEqual([
      204,
      `${serviceRoot}/accounts(${id})`,
    ]);
    const row = (await crm.get(path)).json();
    expect(row).toMatchObject({ name: 'New', telephone1: '1', modifiedon: '2026-01-31T10:01:00Z' });
    expect(row['@odata.etag']).not.toBe(etag);
  });

  it('answers 200 with the row when the representation is preferred', async () => {
    const { path } = await makeAccount(crm);
    const answer = await crm.call('PATCH', `${path}?$select=name`, {
      body: { name: 'New' },
      headers: representation,
    });
    expect([answer.statusCode, answer.json().name]).toEqual([200, 'New']);
  });

  it('changes nothing when the query asks for a column that is not there', async () => {
    const { path } = await makeAccount(crm, { name: 'Old' });
    const answer = await crm.call('PATCH', `${path}?$select=nope`, {
      body: { name: 'New' },
      headers: representation,
    });
    expect([answer.statusCode, (await crm.get(path)).json().name]).toEqual([400, 'Old']);
  });

  it('makes the row when there is none, but not with If-Match', async () => {
    const path = `accounts(${unusedId})`;
    const refused = await crm.call('PATCH', path, { body: { name: 'New' }, headers: { 'if-match': '*' } });
    expect([refused.statusCode, refused.json().error.code]).toEqual([404, '0x80040217']);
    const made = await crm.call('PATCH', path, { body: { name: 'New' }, headers: representation });
    expect([made.statusCode, made.json().accountid]).toEqual([201, unusedId]);
    const again = await crm.call('PATCH', path, { body: { name: 'X' }, headers: { 'if-none-match': '*' } });
    expect(again.statusCode).toBe(412);
    expect(again.json().error.message).toBe('A record with matching key values already exists.');
    expect((await crm.get(`${path}/name`)).json().value).toBe('New');
  });

  it('upserts by alternate key and answers with the key', async () => {
    const path = "accounts(accountnumber='U-1')";
    const made = await crm.call('PATCH', path, { body: { name: 'New', accountnumber: 'ignored' } });
    expect([made.statusCode, made.headers['odata-entityid']]).toEqual([204, `${serviceRoot}/${path}`]);
    await crm.call('PATCH', path, { body: { name: 'Newer', accountnumber: 'ignored' } });
    expect((await crm.get(path)).json()).toMatchObject({ name: 'Newer', accountnumber: 'U-1' });
  });

  it('refuses a version that is no longer the last', async () => {
    const { path, etag } = await makeAccount(crm);
    const first = await crm.call('PATCH', path, { body: { name: 'B' }, headers: { 'if-match': etag } });
    expect(first.statusCode).toBe(204);
    for (const method of ['PATCH', 'DELETE'] as const) {
      const stale = await crm.call(method, path, { body: { name: 'C' }, headers: { 'if-match': etag } });
      expect(stale.statusCode).toBe(412);
      expect(stale.json().error).toEqual({
        code: '0x80060882',
        message: "The version of the existing record doesn't match the RowVersion property provided.",
      });
    }
  });

  it('brings the status reason with the state', async () => {
    const { path } = await makeAccount(crm);
    await crm.call('PATCH', path, { body: { statecode: 1 } });
    expect((await crm.get(`${path}?$select=statecode,statuscode`)).json()).toMatchObject({
      statecode: 1,
      statuscode: 2,
    });
    expect((await crm.call('PATCH', path, { body: { statuscode: 1 } })).json().error.code).toBe('0x80048408');
  });

  it('sets and empties single properties and lookups', async () => {
    const { path } = await makeAccount(crm, { name: 'A', description: 'text' });
    expect((await crm.call('PUT', `${path}/name`, { body: { value: 'B' } })).statusCode).toBe(204);
    expect((await crm.call('DELETE', `${path}/description`)).statusCode).toBe(204);
    const contact = await someId(crm, 'contacts', 'contactid');
    const reference = { '@odata.id': `${serviceRoot}/contacts(${contact})` };
    expect((await crm.call('PUT', `${path}/primarycontactid/$ref`, { body: reference })).statusCode).toBe(
      204,
    );
    expect((await crm.get(path)).json()).toMatchObject({
      name: 'B',
      description: null,
      _primarycontactid_value: contact,
    });
    expect((await crm.get(`${path}/primarycontactid/$ref`)).json()['@odata.id']).toBe(reference['@odata.id']);
    expect((await crm.call('DELETE', `${path}/primarycontactid/$ref`)).statusCode).toBe(204);
    expect((await crm.get(`${path}/primarycontactid/$ref`)).statusCode).toBe(204);
    await crm.call('PATCH', path, { body: { 'primarycontactid@odata.bind': `/contacts(${contact})` } });
    await crm.call('PATCH', path, { body: { 'primarycontactid@odata.bind': null } });
    expect((await crm.get(path)).json()).toMatchObject({ _primarycontactid_value: null });
  });

  it('adds rows to a collection and takes them out', async () => {
    const { id } = await makeAccount(crm);
    const contact = await someId(crm, 'contacts', 'contactid');
    const path = `accounts(${id})/contact_customer_accounts`;
    const body = { '@odata.id': `${serviceRoot}/contacts(${contact})` };
    expect((await crm.call('POST', `${path}/$ref`, { body })).statusCode).toBe(204);
    expect((await crm.get(`${path}/$ref`)).json().value).toEqual([body]);
    expect((await crm.get(`${path}/$count`)).body).toBe('\uFEFF1');
    const removed = await crm.call('DELETE', `${path}/$ref?$id=${encodeURIComponent(body['@odata.id'])}`);
    expect(removed.statusCode).toBe(204);
    expect((await crm.call('DELETE', `${path}(${contact})/$ref`)).statusCode).toBe(404);
    const posted = await crm.call('POST', path, { body: { lastname: 'New' }, headers: representation });
    expect(posted.json()).toMatchObject({ _parentcustomerid_value: id });
  });
});
