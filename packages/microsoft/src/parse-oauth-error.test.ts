import { expect, it } from 'vitest';
import { parseOAuthError, parseOAuthErrorParameters } from './parse-oauth-error.ts';

const traceId = '0000aaaa-11bb-cccc-dd33-eeeeee333333';
const correlationId = 'aaaa0000-bb11-2222-33cc-444444dddddd';
const sentence =
  'AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed.';

function bodyWith(separator: string): string {
  const ids = [`Trace ID: ${traceId}`, `Correlation ID: ${correlationId}`, 'Timestamp: 2026-01-09 02:02:12Z'];
  return JSON.stringify({
    error: 'invalid_grant',
    error_description: [sentence, ...ids].join(separator),
    error_codes: [50173],
    timestamp: '2026-01-09 02:02:12Z',
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: 'https://login.microsoftonline.com/error?code=50173',
    suberror: 'bad_token',
  });
}

it.each([
  ['new lines', '\r\n'],
  ['blanks', ' '],
])('takes an answer apart whose ids are separated by %s', (_, separator) => {
  const body = bodyWith(separator);
  expect(
    parseOAuthError({ status: 400, contentType: 'application/json; charset=utf-8', body }),
  ).toMatchObject({
    error: 'invalid_grant',
    suberror: 'bad_token',
    codes: [50173],
    message: sentence,
    traceId,
    correlationId,
    timestamp: '2026-01-09 02:02:12Z',
    entry: { code: 50173, whoActs: 'user' },
    nature: 'interaction',
  });
});

it('finds codes and ids in the description when they stand nowhere else', () => {
  const error_description = `${sentence} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: 2026-01-09 02:02:12Z`;
  const body = JSON.stringify({ error: 'invalid_grant', error_description });
  const details = parseOAuthError({ status: 400, contentType: undefined, body });
  expect(details).toMatchObject({
    codes: [50173],
    traceId,
    correlationId,
    timestamp: '2026-01-09 02:02:12Z',
  });
  expect(details?.description).toBe(error_description);
});

it('explains the particular code of a combined answer', () => {
  const body = JSON.stringify({
    error: 'invalid_grant',
    error_description:
      'AADSTS70002: Error validating credentials. AADSTS50126: Invalid username or password.',
  });
  const details = parseOAuthError({ status: 400, contentType: 'application/json', body });
  expect(details?.codes).toEqual([70002, 50126]);
  expect(details?.entry?.code).toBe(50126);
});

it('keeps the claims challenge for the next sign-in', () => {
  const claims = '{"access_token":{"capolids":{"essential":true,"values":["1"]}}}';
  const body = JSON.stringify({ error: 'interaction_required', error_description: 'AADSTS50076: …', claims });
  expect(parseOAuthError({ status: 400, contentType: 'application/json', body })?.claims).toBe(claims);
});

it('reads the error of a server that knows RFC 6749 only', () => {
  const details = parseOAuthError({ status: 400, contentType: null, body: '{"error":"invalid_scope"}' });
  expect(details).toEqual({
    error: 'invalid_scope',
    codes: [],
    message: '',
    description: '',
    nature: 'terminal',
  });
});

it.each(['text/html', 'text/plain; charset=utf-8', 'application/octet-stream', '', null])(
  'reads JSON that calls itself %s',
  (contentType) => {
    expect(parseOAuthError({ status: 400, contentType, body: '{"error":"invalid_grant"}' })).toMatchObject({
      error: 'invalid_grant',
    });
  },
);

it.each([
  ['HTML', 'text/html', '<html>AADSTS50173</html>'],
  ['a cut-off body', 'application/json', '{"error":"invalid_gr'],
  ['no body', 'application/json', ''],
  ['a token answer', 'application/json', '{"access_token":"x"}'],
  ['the envelope of Graph', 'application/json', '{"error":{"code":"BadRequest","message":"m"}}'],
  ['an array', 'application/json', '[{"error":"invalid_grant"}]'],
])('is silent about %s', (_, contentType, body) => {
  expect(parseOAuthError({ status: 400, contentType, body })).toBeUndefined();
});

it('reads a declined consent at the callback, also with admin_consent=True', () => {
  // As posted in https://github.com/MicrosoftDocs/azure-docs/issues/114009
  const description = `AADSTS65004: User declined to consent to access the app.\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: 2026-01-09 02:02:12Z`;
  const details = parseOAuthErrorParameters(
    new URLSearchParams({
      error: 'access_denied',
      error_description: description,
      error_subcode: 'cancel',
      admin_consent: 'True',
      state: 's',
    }),
  );
  expect(details).toMatchObject({
    error: 'access_denied',
    suberror: 'cancel',
    codes: [65004],
    message: 'AADSTS65004: User declined to consent to access the app.',
    traceId,
    entry: { code: 65004 },
    nature: 'terminal',
  });
});

it('sees no error in the parameters of a good callback', () => {
  expect(parseOAuthErrorParameters(new URLSearchParams('code=abc&state=s'))).toBeUndefined();
});
