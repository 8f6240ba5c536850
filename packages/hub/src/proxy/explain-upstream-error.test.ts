import { errors } from 'undici';
import { expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { UnknownStatusError } from '../outbound/describe-network-error.ts';
import { explainUpstreamError, StalledCallError } from './explain-upstream-error.ts';

const environment = 'https://contoso.crm4.dynamics.com';

function withCode(code: string, message = 'x'): Error {
  return Object.assign(new Error(message), { code });
}

it.each([
  ['a refused connection', withCode('ECONNREFUSED'), 'crm_unavailable'],
  ['an unknown host', withCode('ENOTFOUND'), 'crm_unavailable'],
  ['an ended certificate', withCode('CERT_HAS_EXPIRED'), 'crm_unavailable'],
  ['a certificate of nobody known', withCode('SELF_SIGNED_CERT_IN_CHAIN'), 'certificate_untrusted'],
  ['a status of its own making', new UnknownStatusError(600), 'crm_nonsense'],
  ['a closed socket', new errors.SocketError('other side closed'), 'crm_unavailable'],
  ['a connection that is not made in time', new errors.ConnectTimeoutError('x'), 'crm_timeout'],
  ['an environment that says nothing', new StalledCallError('environment'), 'crm_timeout'],
  ['a caller who says nothing', new StalledCallError('caller'), 'body_too_slow'],
  ['something that is no HTTP', new errors.HTTPParserError('x'), 'crm_nonsense'],
  ['endless headers', new errors.HeadersOverflowError(), 'crm_nonsense'],
  ['an unasked 101', new errors.SocketError('bad upgrade'), 'crm_nonsense'],
])('names %s', (_what, error, code) => {
  const failure = explainUpstreamError(error, environment);
  expect(failure.code).toBe(code);
  expect([failure.cause, failure.cause instanceof Error && failure.cause.cause]).toContain(error);
});

it.each([
  // undici asserts what an answer has to be; its words are of its own inside.
  [
    withCode('ERR_ASSERTION', 'The expression evaluated to a falsy value:\n\n  assert(statusCode >= 100)\n'),
    'sent an answer that is no HTTP.',
  ],
  [new UnknownStatusError(999), 'answered with the status 999, which HTTP does not have.'],
  // When every address of a name refuses, Node's error has no message.
  [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'refuses connections.'],
  [Object.assign(new AggregateError([]), { code: 'ESOMETHING' }), 'could not be called: ESOMETHING.'],
])('says it in words of its own: %s', (error, sentence) => {
  const { message, options } = explainUpstreamError(error, environment);
  expect(message).toBe(`The call got no answer: contoso.crm4.dynamics.com ${sentence}`);
  expect(options.remote?.message).toBe(`contoso.crm4.dynamics.com ${sentence}`);
});

it('passes the hub’s own refusal of an address on, also from inside of another error', () => {
  const refusal = new HubError('address_not_allowed');
  expect(explainUpstreamError(refusal, environment)).toBe(refusal);
  expect(explainUpstreamError(new Error('x', { cause: refusal }), environment)).toBe(refusal);
});
