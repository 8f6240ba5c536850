import fc from 'fast-check';
import type { RawRecipe } from './cook-raw-answer.ts';

const tokenMembers = [
  'access_token',
  'refresh_token',
  'expires_in',
  'token_type',
  'scope',
  'error',
  'issuer',
];
const deviceMembers = ['device_code', 'user_code', 'verification_uri', 'interval', 'message'];
const errorMembers = [
  'error_description',
  'error_codes',
  'suberror',
  'trace_id',
  'timestamp',
  'claims',
  'code',
];
const members = [...tokenMembers, ...deviceMembers, ...errorMembers, 'value', 'UserId', '__proto__'];

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'a\0b', '\uD800', 'invalid_grant', 'Bearer', 'a\r\nb', 'é', 'https://login.example/x'),
);
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(1e18, 1e30, -1, 0, 1_760_000_000_000));
const claims = fc.dictionary(
  fc.constantFrom('exp', 'iat', 'aud', 'upn', 'tid', 'appid', 'oid', 'scp', 'roles', 'ver', 'xms_x'),
  fc.oneof(text, number, fc.jsonValue()),
);
const jwt = fc.oneof(claims, fc.jsonValue()).map((payload) => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(payload)}.c2ln`;
});
const value = fc.oneof(text, number, jwt, fc.jsonValue());
const object = fc.dictionary(fc.constantFrom(...members), value, { maxKeys: 6 });
const tokens = fc
  .tuple(jwt, object)
  .map(([token, more]) => ({ token_type: 'Bearer', access_token: token, expires_in: 3600, ...more }));
const body = fc.oneof(
  fc.oneof(tokens, object, value).map((content) => JSON.stringify(content) ?? ''),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '{"access_token":"cut', '<!doctype html><title>Sign in</title>'),
);
const headerNames = [
  ...'Content-Type Content-Encoding Location Retry-After WWW-Authenticate Set-Cookie Connection'.split(' '),
  ...'Keep-Alive Transfer-Encoding Upgrade Trailer Date Age client-request-id request-id __proto__'.split(
    ' ',
  ),
  'X Y',
  '',
];
const headerValues = [
  ...'gzip br zstd identity chunked close application/json -1 1e9 // http://['.split(' '),
  '',
  'gzip, gzip',
  'text/html; charset=utf-16',
  'application/json; charset=x',
  '9'.repeat(30),
  'Bearer authorization_uri=',
  'Bearer authorization_uri="https://x y/", resource_id=1',
  'Thu, 01 Jan 9999 00:00:00 GMT',
  'é\u00FF',
  'a\tb',
  '\u0001',
];
const header = fc.tuple(
  fc.constantFrom(...headerNames),
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...headerValues) }, fc.string({ maxLength: 20 })),
);
const statusLine = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.1 400 Bad Request', 'HTTP/1.1 401 No') },
  { weight: 3, arbitrary: fc.nat(999).map((status) => `HTTP/1.1 ${String(status).padStart(3, '0')} Any`) },
  fc
    .constantFrom(...'099 101 199 204 205 299 304 306 407 599 600 999'.split(' '))
    .map((status) => `HTTP/1.1 ${status} Odd`),
  fc.constantFrom('HTTP/1.0 200 OK', 'HTTP/1.1 200', 'HTTP/2 200', 'HTTP/1.1 2000 OK', 'ICY 200 OK', ''),
);

/** Answers that no server of Microsoft's gives: to a hub that believes what it reads, each is a trap. */
export const rawNonsense: fc.Arbitrary<RawRecipe> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      statusLine,
      headers: fc.array(header, { maxLength: 4 }),
      body,
      coding: fc.constantFrom('none', 'none', 'none', 'gzip', 'br', 'twice'),
      length: fc.constantFrom(
        ...([
          'right',
          'right',
          'right',
          'none',
          'short',
          'long',
          'nonsense',
          'chunked',
          'cut chunk',
          'both',
        ] as const),
      ),
      end: fc.constantFrom('close', 'close', 'reset'),
    }),
  },
  fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 200 }) }),
  fc.record({ kind: fc.constantFrom('endless headers', 'endless body', 'bomb', 'many hints') }),
);
