import { expect, it } from 'vitest';
import { createSignInLog, type WrittenSignIn } from './create-sign-in-log.ts';

const record: WrittenSignIn = {
  time: 0,
  endpoint: 'token',
  version: 2,
  tenant: 'common',
  clientId: 'app',
  user: null,
  grant: 'client_credentials',
  outcome: 'succeeded',
  aadstsCode: null,
  tokens: [],
};

it('lists the latest first and keeps a thousand', () => {
  const log = createSignInLog();
  for (let time = 1; time <= 1001; time += 1) log.write({ ...record, time });
  const times = log.list().map(({ time }) => time);
  expect([times.length, times[0], times[1], times.at(-1)]).toEqual([1000, 1001, 1000, 2]);
});

it('lists what there is before it is full, and nothing when cleared', () => {
  const log = createSignInLog();
  log.write({ ...record, time: 1 });
  log.write({ ...record, time: 2 });
  expect(log.list().map(({ time }) => time)).toEqual([2, 1]);
  log.clear();
  expect(log.list()).toEqual([]);
});

it('names the person by the claims, of whichever token tells', () => {
  const log = createSignInLog();
  const claims = { upn: 'megan@contoso.com' };
  const header = { alg: 'RS256' };
  const signedPart = Buffer.from(
    [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.'),
  );
  log.write({ ...record, time: 1, tokens: [{ kind: 'access_token', signedPart }] });
  log.write({ ...record, time: 2, tokens: [{ kind: 'id_token', signedPart }] });
  expect(log.list()).toMatchObject([
    { user: 'megan@contoso.com', claims: null, tokens: [{ kind: 'id_token', header, claims }] },
    { user: 'megan@contoso.com', claims, tokens: [{ kind: 'access_token', header, claims }] },
  ]);
});

it('puts together what is noted of a request', () => {
  const log = createSignInLog();
  const request = {};
  log.note(request, { user: 'megan@contoso.com' });
  log.note(request, { clientId: 'app' });
  expect(log.factsOf(request)).toEqual({ user: 'megan@contoso.com', clientId: 'app' });
  expect(log.factsOf({})).toEqual({});
});
