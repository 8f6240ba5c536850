import { afterEach, beforeEach, expect, it } from 'vitest';
import { unusedId } from '../testing/make-account.ts';
import { openTestCrm, type TestCrm } from '../testing/open-test-crm.ts';

let crm: TestCrm;
beforeEach(async () => {
  crm = await openTestCrm();
});
afterEach(() => crm.close());

it.each([
  ['PATCH', 'accounts', 'GET, POST'],
  ['DELETE', 'accounts', 'GET, POST'],
  ['PUT', `accounts(${unusedId})`, 'GET, PATCH, DELETE'],
  ['POST', 'WhoAmI', 'GET'],
  ['POST', '$metadata', 'GET'],
  ['POST', 'accounts/$count', 'GET'],
] as const)('answers 405 to %s %s and says what is allowed', async (method, path, allow) => {
  const answer = await crm.call(method, path, { body: {} });
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow]);
  expect(answer.json().error.message).toBe(
    `The requested resource does not support http method '${method}'.`,
  );
});
