import { expect, it } from 'vitest';
import { aadsts, aadstsEntries, aadstsHelpLink, lookUpAadsts } from './aadsts.ts';

/** The codes of Microsoft's published list that concern OAuth and OpenID Connect, by subject. */
const published = {
  client: [
    7000215, 7000222, 7000216, 7000218, 700025, 70002, 700016, 700011, 70001, 7000112, 700027, 50012, 700030,
    50194, 50059, 90002, 90038, 50020, 90130, 90124, 9001023, 9002332,
  ],
  request: [
    50011, 500112, 500113, 900971, 70004, 90102, 9002326, 9002327, 900144, 90014, 9002313, 90013, 90100,
    90117, 90004, 90023, 90015, 900561, 90056, 901002, 70003, 70005, 700054, 70007, 50049, 50050,
  ],
  grant: [
    54005, 70000, 70008, 700082, 700084, 70043, 50173, 50089, 50132, 50133, 700005, 501481, 50147, 501491,
    70016, 70018, 70019, 90119, 90120, 500133, 50013, 50196,
  ],
  person: [
    50034, 50053, 50055, 50056, 50057, 50058, 50064, 50126, 50105, 501051, 50072, 50074, 50076, 50078, 50079,
    50085, 50097, 50125, 50144, 50131, 50140, 50158, 50199, 50197, 53000, 53001, 53002, 53003, 53004, 53010,
    53011, 530032, 530034, 530035, 16000, 50014, 51004, 90072, 500021, 500022, 50002, 500208, 500212, 500213,
  ],
  consent: [
    65001, 65002, 65004, 65005, 650052, 650054, 650056, 650057, 90008, 90009, 90093, 90094, 90095, 90090,
    90091, 90092, 900941, 500011, 50001, 70011, 700022, 700023, 28002, 28003, 700020,
  ],
  service: [
    90012, 90024, 90033, 90006, 50033, 50087, 90055, 70012, 50000, 90036, 500201, 90027, 90019, 50128, 90099,
    900432, 900382, 75001, 75016, 7500514, 7500529, 750054,
  ],
};

it('knows all 161 published codes, and each once', () => {
  const codes = Object.values(published).flat();
  expect(codes).toHaveLength(161);
  expect(codes.filter((code) => !lookUpAadsts(code))).toEqual([]);
  expect(new Set(aadstsEntries.map((entry) => entry.code)).size).toBe(aadstsEntries.length);
});

it('knows the whole range of SAML codes and explains it alike', () => {
  const saml = Array.from({ length: 16 }, (_, index) => lookUpAadsts(75001 + index));
  expect(new Set(saml.map((entry) => entry?.cause)).size).toBe(1);
});

it('gives each code one name, in camel case', () => {
  expect(aadsts.unknownClient).toBe(700016);
  expect(aadsts.redirectUriMismatch).toBe(50011);
  expect(Object.values(aadsts)).toEqual(aadstsEntries.map((entry) => entry.code));
  expect(Object.keys(aadsts).filter((name) => !/^[a-z][A-Za-z0-9]+$/.test(name))).toEqual([]);
});

it('does not know a code that is not in the table', () => {
  expect(lookUpAadsts(1)).toBeUndefined();
  expect(aadstsHelpLink(1)).toBe('https://login.microsoftonline.com/error?code=1');
});

it.each(aadstsEntries.map((entry) => [entry.code, entry] as const))('%i is explained whole', (_, entry) => {
  expect(entry.message).toMatch(/[.'>]$/);
  expect(entry.cause).toMatch(/\.$/);
  expect(entry.remedy).toMatch(/[.)]$/);
  expect(entry.error).toMatch(/^[a-z_]+$/);
});

it('a code that never comes from the token endpoint is met at the authorize endpoint', () => {
  const nowhere = aadstsEntries.filter((entry) => entry.httpStatus === null && entry.delivery === 'token');
  expect(nowhere).toEqual([]);
});

it('only codes that pass by themselves are transient, and nobody has to act on those', () => {
  for (const entry of aadstsEntries) {
    const waitsForThePerson = entry.error === 'authorization_pending';
    expect([entry.code, entry.nature === 'transient']).toEqual([
      entry.code,
      entry.whoActs === 'nobody' || waitsForThePerson,
    ]);
  }
});

it.each([
  [7000215, { error: 'invalid_client', httpStatus: 401, whoActs: 'administrator' }],
  [7000222, { error: 'invalid_client', httpStatus: 401, nature: 'terminal' }],
  [700213, { error: 'invalid_client', httpStatus: 401, message: expect.stringContaining("'{subject}'") }],
  [700016, { error: 'unauthorized_client', httpStatus: 400, delivery: 'page' }],
  [50173, { error: 'invalid_grant', suberror: 'bad_token', nature: 'interaction', whoActs: 'user' }],
  [50076, { error: 'invalid_grant', errorV1: 'interaction_required', suberror: 'basic_action' }],
  [53003, { error: 'invalid_grant', errorV1: 'interaction_required', suberror: 'message_only' }],
  [65001, { error: 'invalid_grant', suberror: 'consent_required', nature: 'interaction' }],
  [65004, { error: 'access_denied', httpStatus: null, delivery: 'redirect' }],
  [650057, { error: 'invalid_client', errorV1: 'invalid_resource' }],
  [90033, { error: 'temporarily_unavailable', nature: 'transient' }],
  [70016, { error: 'authorization_pending', httpStatus: 400, nature: 'transient' }],
])('%i has the contract of the token endpoint', (code, expected) => {
  expect(lookUpAadsts(code)).toMatchObject(expected);
});
