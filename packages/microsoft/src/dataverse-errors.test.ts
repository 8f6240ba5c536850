import { expect, it } from 'vitest';
import { dataverseErrorEntries, dataverseErrors, lookUpDataverseError } from './dataverse-errors.ts';

it.each([
  ['0x80072322', 'hexadecimal'],
  ['0X80072322', 'with an upper-case X'],
  ['-2147015902', 'signed decimal, as the .NET client has it'],
  ['2147951394', 'unsigned decimal'],
  [' 0x80072322 ', 'blanks around'],
])('finds the request limit by %s (%s)', (code) => {
  expect(lookUpDataverseError(code)).toMatchObject({ httpStatus: 429, nature: 'transient' });
});

it('takes either case of the digits', () => {
  expect(lookUpDataverseError('0x8004D24B')?.name).toBe('UserNotAssignedLicense');
});

it.each(['', '0x', 'BadRequest', '0x1234567890', '99999999999', '0x80000000'])(
  'does not know "%s"',
  (code) => {
    expect(lookUpDataverseError(code)).toBeUndefined();
  },
);

it("gives each code one name, Microsoft's own where there is one that says what happened", () => {
  expect(dataverseErrors.objectDoesNotExist).toBe('0x80040217');
  expect(dataverseErrors.userNotMemberOfOrganization).toBe('0x80072560');
  expect(Object.values(dataverseErrors)).toEqual(dataverseErrorEntries.map((entry) => entry.code));
});

it('every entry is found by its own code, which no two share, and is explained whole', () => {
  for (const entry of dataverseErrorEntries) {
    expect(entry.code).toMatch(/^0x8[0-9a-f]{7}$/);
    expect(lookUpDataverseError(entry.code)).toBe(entry);
    expect(entry.cause).toMatch(/[.]$/);
    expect(entry.remedy).toMatch(/[.]$/);
    expect(entry.nature === 'transient').toBe(entry.whoActs === 'nobody');
  }
});

it.each([
  ['0x80072560', 403, 'administrator'],
  ['0x80042f09', 403, 'administrator'],
  ['0x8004d24b', 403, 'administrator'],
  ['0x80040220', 403, 'administrator'],
  ['0x80095ffc', 403, 'administrator'],
  ['0x80040217', 404, 'developer'],
  ['0x80060882', 412, 'developer'],
  ['0x8005f101', 401, 'developer'],
  ['0x80072326', 429, 'nobody'],
])('%s comes with %i and is for the %s', (code, httpStatus, whoActs) => {
  expect(lookUpDataverseError(code)).toMatchObject({ httpStatus, whoActs });
});
