import type { TestCrm } from './open-test-crm.ts';

/** An id that no row has. */
export const unusedId = '7d0a3a3e-8c1f-4b55-9c58-0f3b1a2c4d5e';

export const representation = { prefer: 'return=representation' };

/** Makes an account and tells what tests need to know of it. */
export async function makeAccount(crm: TestCrm, body: Record<string, unknown> = { name: 'Latchkey GmbH' }) {
  const answer = await crm.call('POST', 'accounts', { body, headers: representation });
  if (answer.statusCode !== 201) throw new Error(`The account was not made: ${answer.body}`);
  const row = answer.json();
  const id = row.accountid;
  return { row, id, etag: row['@odata.etag'], path: `accounts(${id})` };
}

/** The id of some row of a table. */
export async function someId(crm: TestCrm, table: string, key: string): Promise<string> {
  return String((await crm.get(`${table}?$select=${key}&$top=1`)).json().value[0]?.[key]);
}
