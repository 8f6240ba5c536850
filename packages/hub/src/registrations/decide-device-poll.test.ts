import { describe, expect, it } from 'vitest';
import { OutboundError } from '../outbound/outbound-http.ts';
import {
  describeTokenNetworkFailure,
  describeTokenRefusal,
} from '../token-endpoint/describe-token-failure.ts';
import { decideDevicePoll } from './decide-device-poll.ts';
import { entraError } from './testing/scripted-entra.ts';

const interval = 5;

function poll(status: number, error: string, code: number) {
  const answer = entraError(status, error, code);
  const failure = describeTokenRefusal('authorization_code', {
    status: answer.status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(answer.body),
  });
  return decideDevicePoll({ ok: false, failure, retryAfterMilliseconds: null }, interval);
}

function unanswered(code: string) {
  const failure = describeTokenNetworkFailure(new OutboundError(code, 'No answer.'));
  return decideDevicePoll({ ok: false, failure, retryAfterMilliseconds: null }, interval);
}

describe('decideDevicePoll', () => {
  it('takes the token', () => {
    const answer = { accessToken: 'a', refreshToken: null, expiresInSeconds: 3600 };
    expect(decideDevicePoll({ ok: true, answer }, interval)).toEqual({ next: 'signed_in', answer });
  });

  it.each([
    ['while the code is not entered', poll(400, 'authorization_pending', 70016), 'pending', 5],
    ['longer when asked to slow down', poll(400, 'slow_down', 0), 'asked_to_slow_down', 10],
    ['when Entra ID is down', poll(503, 'temporarily_unavailable', 90033), 'unavailable', 5],
    ['when nothing answers', unanswered('ECONNREFUSED'), 'unavailable', 5],
    ['when the proxy is away', unanswered('PROXY_UNAVAILABLE'), 'unavailable', 5],
  ] as const)('waits %s', (_case, decision, reason, intervalSeconds) => {
    expect(decision).toEqual({ next: 'wait', intervalSeconds, reason });
  });

  it.each([
    ['the code has ended', poll(400, 'expired_token', 70019), 'device_code_expired'],
    ['the code has ended, by its other name', poll(400, 'code_expired', 70020), 'device_code_expired'],
    ['the code is not known any more', poll(400, 'bad_verification_code', 70018), 'device_code_expired'],
    ['the administrator declined', poll(400, 'authorization_declined', 0), 'sign_in_declined'],
    ['a policy is in the way', poll(400, 'invalid_grant', 53003), 'sign_in_declined'],
    ['the client is not known', poll(400, 'unauthorized_client', 700016), 'token_request_refused'],
    [
      'the proxy wants a password',
      unanswered('PROXY_AUTHENTICATION_REQUIRED'),
      'outbound_proxy_authentication_required',
    ],
  ] as const)('fails when %s', (_case, decision, code) => {
    expect(decision).toMatchObject({ next: 'failed', failure: { code } });
  });
});
