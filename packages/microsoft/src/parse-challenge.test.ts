import { expect, it } from 'vitest';
import { parseBearerChallenge } from './parse-challenge.ts';

const tenant = '3b1f7f5e-7b0a-4b5e-9d0c-0a1b2c3d4e5f';
const authorizationUri = `https://login.microsoftonline.com/${tenant}/oauth2/authorize`;
const located = { authorizationUri, tenant, authority: 'https://login.microsoftonline.com' };
const resourceId = 'https://org.crm11.dynamics.com/';

it.each([
  ['Dataverse, without quotes', `Bearer authorization_uri=${authorizationUri}, resource_id=${resourceId}`],
  ['with quotes', `Bearer authorization_uri="${authorizationUri}", resource_id="${resourceId}"`],
  ['another order', `Bearer resource_id=${resourceId}, authorization_uri=${authorizationUri}`],
  ['no blank after the comma', `Bearer authorization_uri=${authorizationUri},resource_id=${resourceId}`],
  ['lower case', `bearer authorization_uri=${authorizationUri}, resource_id=${resourceId}`],
  ['a realm first', `Bearer realm="", authorization_uri="${authorizationUri}", resource_id="${resourceId}"`],
  [
    'another scheme first',
    `Negotiate, Bearer authorization_uri=${authorizationUri}, resource_id=${resourceId}`,
  ],
  ['blanks around the sign', `Bearer authorization_uri = ${authorizationUri} , resource_id = ${resourceId}`],
])('reads %s', (_, header) => {
  expect(parseBearerChallenge(header)).toEqual({ ...located, resourceId });
});

it('reads the challenge of Microsoft Graph', () => {
  const header = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`;
  expect(parseBearerChallenge(header)).toMatchObject({ tenant: 'common' });
});

it('reads an error and a claims challenge', () => {
  const header = 'Bearer error="invalid_token", error_description="It says \\"no\\", sorry", claims="eyJ9=="';
  expect(parseBearerChallenge(header)).toEqual({
    error: 'invalid_token',
    errorDescription: 'It says "no", sorry',
    claims: 'eyJ9==',
  });
});

it.each(['', 'Bearer', 'Basic realm="x"', 'Negotiate', 'MyBearer authorization_uri=x'])(
  'finds nothing in "%s"',
  (header) => {
    expect(parseBearerChallenge(header)).toEqual({});
  },
);

it('takes the first value of what two challenges in one header say', () => {
  const other = 'https://login.microsoftonline.us/common/oauth2/authorize';
  const header = `Bearer authorization_uri=${authorizationUri}, resource_id=${resourceId}, Bearer authorization_uri="${other}", resource_id="https://other.crm9.dynamics.com/"`;
  expect(parseBearerChallenge(header)).toEqual({ ...located, resourceId });
});

it('names no authority for an address that is none', () => {
  expect(parseBearerChallenge('Bearer authorization_uri=nowhere')).toEqual({ authorizationUri: 'nowhere' });
  expect(parseBearerChallenge('Bearer authorization_uri=javascript:alert(1)').authority).toBeUndefined();
});

it('reads a hostile header of 64 KB at once', () => {
  const startedAt = performance.now();
  for (const part of ['a', 'a=', 'a="', '\\"', ', ', ' Bearer ']) {
    parseBearerChallenge(`Bearer ${part.repeat(65_536 / part.length)}`);
  }
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
