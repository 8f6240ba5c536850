import { errors } from 'undici';
import { expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { explainUpstreamError, StalledCallError } from './explain-upstream-error.ts';

const environment = 'https://contoso.crm4.dynamics.com';

function withCode(code: string, message = 'x'): Error {
  return Object.assign(new Error(message), { code });
}

it.each([
  ['a refused connection', withCode('ECONNREFUSED'), 'crm_unavailable'],
  ['an unknown host', withCode('ENOTFOUND'), 'crm_unavailable'],
  ['an ended certificate', withCode('CERT_HAS_EXPIRED'), 'crm_unavailable'],
  ['a closed socket', new errors.SocketError('other side closed'), 'crm_unavailable'],
  ['a connection that is not made in time', new errors.ConnectTimeoutError('x'), 'crm_timeout'],
  ['an environment that says nothing', new StalledCallError('environment'), 'crm_timeout'],
  ['a caller who says nothing', new StalledCallError('caller'), 'body_too_slow'],
  ['something that is no HTTP', new errors.HTTPParserError('x'), 'crm_nonsense'],
  ['endless headers', new errors.HeadersOverflowError(), 'crm_nonsense'],
  ['an unasked 101', new errors.SocketError('bad upgrade'), 'crm_nonsense'],
])('names %s', (_what, error, code) => {
  expect(explainUpstreamError(error, environment)).toMatchObject({ code, cause: error });
});

it('says the code where an error has no words of its own', () => {
  const error = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  expect(explainUpstreamError(error, environment).message).toBe(
    `${environment} gave no answer: ECONNREFUSED`,
  );
});

it('passes the hub’s own refusal of an address on, also from inside of another error', () => {
  const refusal = new HubError('address_not_allowed');
  expect(explainUpstreamError(refusal, environment)).toBe(refusal);
  expect(explainUpstreamError(new Error('x', { cause: refusal }), environment)).toBe(refusal);
});
