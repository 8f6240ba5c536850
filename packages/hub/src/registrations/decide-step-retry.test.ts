import type { RemoteError } from '@latchkey/api';
import { describe, expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { OutboundError } from '../outbound/outbound-http.ts';
import { decideStepRetry } from './decide-step-retry.ts';
import { readGraphError } from './graph-error.ts';
import { graphError } from './testing/scripted-graph.ts';

function refusal(
  status: number,
  code: string,
  message = 'No.',
  more: { details?: string[]; retryAfter?: string } = {},
) {
  const { body } = graphError(
    status,
    code,
    message,
    more.details?.map((detail) => ({ code: detail })),
  );
  const headers: Record<string, string> = more.retryAfter ? { 'retry-after': more.retryAfter } : {};
  return readGraphError({ status, headers, body: JSON.stringify(body) }, 0);
}

function tokenFailure(code: 'client_secret_wrong' | 'token_request_refused', aadsts: string) {
  const remote: RemoteError = {
    system: 'entra',
    code: aadsts,
    oauthError: null,
    message: 'No.',
    httpStatus: null,
    traceId: null,
    correlationId: null,
    timestamp: null,
    helpLink: null,
  };
  return new HubError(code, { remote });
}

describe('decideStepRetry', () => {
  it.each([
    [
      'the application is not there yet',
      refusal(400, 'Request_BadRequest', 'No.', { details: ['NoBackingApplicationObject'] }),
      'replication',
    ],
    [
      'the service principal is not there yet',
      refusal(403, 'Authorization_RequestDenied', 'The client must be in the local tenant.'),
      'replication',
    ],
    ['what was made is not found yet', refusal(404, 'Request_ResourceNotFound'), 'replication'],
    [
      'it exists but can’t be found yet',
      refusal(409, 'Request_MultipleObjectsWithSameKeyValue'),
      'replication',
    ],
    ['a new secret is not known yet', tokenFailure('client_secret_wrong', 'AADSTS7000215'), 'replication'],
    [
      'a new application is not known yet',
      tokenFailure('token_request_refused', 'AADSTS700016'),
      'replication',
    ],
    ['Graph is throttling', refusal(429, 'TooManyRequests'), 'throttled'],
    ['Graph is down', refusal(503, 'serviceNotAvailable'), 'unavailable'],
    ['the answer was cut off', new OutboundError('UND_ERR_SOCKET', 'other side closed'), 'unavailable'],
    ['the proxy is away', new OutboundError('PROXY_UNAVAILABLE', 'It refuses connections.'), 'unavailable'],
    ['the proxy is away for a token request', new HubError('outbound_proxy_unavailable'), 'unavailable'],
    [
      'the proxy does not reach Graph',
      new OutboundError('PROXY_TARGET_UNREACHABLE', 'It answered 502.'),
      'unavailable',
    ],
    ['Entra ID is down', new HubError('token_endpoint_unavailable'), 'unavailable'],
  ])('tries again when %s', (_case, error, reason) => {
    expect(decideStepRetry(error, 'created', 1)).toEqual({ retry: true, delayMilliseconds: 5000, reason });
  });

  it.each([
    ['a bad request', refusal(400, 'Request_BadRequest', 'Invalid value specified for property.')],
    ['missing rights', refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges.')],
    ['a token that has ended', refusal(401, 'InvalidAuthenticationToken')],
    ['another refusal of the token', tokenFailure('token_request_refused', 'AADSTS90002')],
    ['a tenant without Dynamics', new HubError('dynamics_not_in_tenant')],
    ['a proxy that wants a password', new OutboundError('PROXY_AUTHENTICATION_REQUIRED', 'It asks.')],
    ['a proxy that refuses', new OutboundError('PROXY_REFUSED', 'It does not let the hub through.')],
    [
      'an authority that is not trusted',
      new OutboundError('SELF_SIGNED_CERT_IN_CHAIN', 'It is not trusted.'),
    ],
    ['a proxy that refuses a token request', new HubError('outbound_proxy_refused')],
    ['a mistake of ours', new TypeError('x is not a function')],
  ])('gives up at once for %s', (_case, error) => {
    expect(decideStepRetry(error, 'created', 1)).toEqual({ retry: false, reason: 'refused' });
  });

  it('waits longer each time, a minute in all, then gives up', () => {
    const delays = [1, 2, 3, 4].map((tries) => decideStepRetry(refusal(404, ''), 'created', tries));
    const waited = delays.map((delay) => (delay.retry ? delay.delayMilliseconds : 0));
    expect(waited).toEqual([5000, 10_000, 15_000, 30_000]);
    expect(decideStepRetry(refusal(404, ''), 'created', 5)).toEqual({
      retry: false,
      reason: 'tries_used_up',
    });
  });

  it('honours Retry-After up to a minute', () => {
    expect(decideStepRetry(refusal(429, '', '', { retryAfter: '42' }), 'created', 1)).toMatchObject({
      delayMilliseconds: 42_000,
    });
    expect(decideStepRetry(refusal(429, '', '', { retryAfter: '600' }), 'created', 1)).toEqual({
      retry: false,
      reason: 'asked_to_wait_too_long',
    });
  });

  it('does not try again for an adopted application, whose caller waits', () => {
    expect(decideStepRetry(refusal(503, ''), 'adopted', 1)).toEqual({
      retry: false,
      reason: 'somebody_waits',
    });
  });
});
