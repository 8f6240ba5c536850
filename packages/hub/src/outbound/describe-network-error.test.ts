import { errors } from 'undici';
import { expect, it } from 'vitest';
import { describeNetworkError, isHttpStatus, UnknownStatusError } from './describe-network-error.ts';

function withCode(code: string, message = 'Words of its own.'): Error {
  return Object.assign(new Error(message), { code });
}

it.each([
  [withCode('ECONNREFUSED'), 'unreachable', 'ECONNREFUSED', 'refuses connections'],
  [withCode('ECONNRESET'), 'unreachable', 'ECONNRESET', 'cut the connection'],
  [new errors.SocketError('other side closed'), 'unreachable', 'UND_ERR_SOCKET', 'cut the connection'],
  [withCode('ENOTFOUND'), 'unreachable', 'ENOTFOUND', 'has no address: its name is not known'],
  [
    withCode('EAI_AGAIN'),
    'unreachable',
    'EAI_AGAIN',
    'has no address right now: the name service does not answer',
  ],
  [withCode('CERT_HAS_EXPIRED'), 'unreachable', 'CERT_HAS_EXPIRED', 'shows a certificate that has ended'],
  [
    withCode('ERR_TLS_CERT_ALTNAME_INVALID'),
    'unreachable',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'shows a certificate for another name',
  ],
  [withCode('EPROTO'), 'unreachable', 'EPROTO', 'does not speak TLS'],
  [withCode('ESOMETHING'), 'unreachable', 'ESOMETHING', 'could not be called: Words of its own.'],
  [withCode('ESOMETHING', ''), 'unreachable', 'ESOMETHING', 'could not be called: ESOMETHING'],
  ['a text', 'unreachable', 'UNKNOWN', 'could not be called: a text'],
  [
    withCode('SELF_SIGNED_CERT_IN_CHAIN'),
    'untrusted',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'shows a certificate of an authority that this hub does not trust (SELF_SIGNED_CERT_IN_CHAIN)',
  ],
  [new errors.ConnectTimeoutError('x'), 'timeout', 'UND_ERR_CONNECT_TIMEOUT', 'did not answer in time'],
  [
    new errors.HeadersOverflowError(),
    'nonsense',
    'UND_ERR_HEADERS_OVERFLOW',
    'sent more headers than any answer has',
  ],
  [
    new errors.ResponseContentLengthMismatchError(),
    'nonsense',
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    'sent an answer that is cut off',
  ],
  [new errors.HTTPParserError('x'), 'nonsense', 'ANSWER_NO_HTTP', 'sent an answer that is no HTTP'],
  [new errors.SocketError('bad upgrade'), 'nonsense', 'ANSWER_NO_HTTP', 'sent an answer that is no HTTP'],
  [withCode('ERR_ASSERTION'), 'nonsense', 'ANSWER_NO_HTTP', 'sent an answer that is no HTTP'],
  [
    new UnknownStatusError(600),
    'nonsense',
    'ANSWER_NO_HTTP',
    'answered with the status 600, which HTTP does not have',
  ],
])('says what ended a call: %s', (cause, kind, code, sentence) => {
  expect(describeNetworkError(cause)).toEqual({ kind, code, sentence });
});

it('knows the statuses of HTTP', () => {
  expect([99, 100, 599, 600].map(isHttpStatus)).toEqual([false, true, true, false]);
});
