import { expect, it } from 'vitest';
import { parseDataverseError } from './parse-dataverse-error.ts';

const notMember = {
  error: { code: '0x80072560', message: 'The user is not a member of the organization.' },
};

it('reads code and message and explains the code', () => {
  const details = parseDataverseError({ status: 403, body: JSON.stringify(notMember) });
  expect(details).toMatchObject({
    code: '0x80072560',
    message: 'The user is not a member of the organization.',
    nature: 'terminal',
    entry: { whoActs: 'administrator' },
  });
});

it.each([
  [{ code: '0x8004D24B', message: 'm' }, '0x8004d24b'],
  [{ code: '-2147015902', message: 'm' }, '0x80072322'],
  [{ code: -2147015902, message: 'm' }, '0x80072322'],
  [{ code: '', message: 'm' }, ''],
  [{ message: 'm' }, ''],
  [{ code: 'BadRequest', message: 'm' }, ''],
])('normalises the code of %j to "%s"', (error, code) => {
  expect(parseDataverseError({ status: 400, body: JSON.stringify({ error }) })?.code).toBe(code);
});

it.each([
  [429, '0x80072322', 'transient'],
  [503, '', 'transient'],
  [500, '0x80040216', 'transient'],
  [500, '0x80040224', 'terminal'],
  [400, '', 'terminal'],
  [403, '0x12345678', 'terminal'],
])('%i with "%s" is %s', (status, code, nature) => {
  const body = JSON.stringify({ error: { code, message: 'm' } });
  expect(parseDataverseError({ status, body })?.nature).toBe(nature);
});

it.each([
  '',
  '<html></html>',
  '{"error":{"code":"0x80',
  '{"error":"invalid_grant"}',
  '{"error":{"code":"0x1"}}',
  '[]',
  'null',
])('is silent about %s', (body) => {
  expect(parseDataverseError({ status: 502, body })).toBeUndefined();
});
