import { describe, expect, it } from 'vitest';
import { classifyTokenFailure } from './classify-token-failure.ts';

const json = 'application/json; charset=utf-8';

function classify(status: number, body: object): { nature: string; reason: string } {
  const { nature, reason } = classifyTokenFailure({ status, contentType: json, body: JSON.stringify(body) });
  return { nature, reason };
}

it.each([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'invalid_request',
  'invalid_scope',
  'invalid_resource',
  'unsupported_grant_type',
  'access_denied',
  'expired_token',
])('%s is terminal', (error) => {
  expect(classify(400, { error })).toEqual({ nature: 'terminal', reason: 'refused' });
  expect(classify(401, { error })).toEqual({ nature: 'terminal', reason: 'refused' });
});

it.each(['interaction_required', 'consent_required', 'login_required'])('%s needs a person', (error) => {
  expect(classify(400, { error })).toEqual({ nature: 'interaction', reason: 'interaction_required' });
});

it.each([
  ['basic_action', 'interaction'],
  ['additional_action', 'interaction'],
  ['message_only', 'interaction'],
  ['user_password_expired', 'interaction'],
  ['consent_required', 'interaction'],
  ['bad_token', 'interaction'],
  ['client_mismatch', 'terminal'],
  ['device_authentication_failed', 'terminal'],
  ['protection_policy_required', 'terminal'],
  ['token_expired', 'terminal'],
])('invalid_grant with the suberror %s is %s', (suberror, nature) => {
  expect(classify(400, { error: 'invalid_grant', suberror }).nature).toBe(nature);
});

it('the number does not make a failure final or interactive: Microsoft says that numbers change', () => {
  expect(classify(400, { error: 'invalid_grant', error_codes: [50076] }).nature).toBe('terminal');
  expect(classify(400, { error: 'brand_new_error', error_codes: [7000222] })).toEqual({
    nature: 'transient',
    reason: 'unknown_error',
  });
});

describe('a good connection survives', () => {
  // https://github.com/owncloud/client/issues/8883 and https://github.com/xorbitsai/xagent/issues/1544: a blip was
  // taken for a revoked grant, and the connection was dropped.
  it.each([408, 429, 500, 502, 503, 504, 529])('%i, even with an OAuth body', (status) => {
    expect(classify(status, { error: 'invalid_grant', suberror: 'bad_token' })).toEqual({
      nature: 'transient',
      reason: 'transient_status',
    });
  });

  it.each(['temporarily_unavailable', 'server_error', 'authorization_pending', 'slow_down'])(
    '%s',
    (error) => {
      expect(classify(400, { error })).toEqual({ nature: 'transient', reason: 'transient_error' });
    },
  );

  it.each([90033, 90012, 90024, 50196, 90055])('AADSTS%i, whatever error came with it', (code) => {
    expect(classify(400, { error: 'invalid_grant', error_codes: [code] })).toEqual({
      nature: 'transient',
      reason: 'transient_code',
    });
  });

  it.each([
    [400, 'text/html', '<html>Bad Request</html>'],
    [401, 'text/html; charset=utf-8', '<html>Proxy authentication</html>'],
    [403, undefined, 'Forbidden'],
    [404, json, ''],
    [400, json, '{"error":"invalid_grant","error_descr'],
    [200, 'text/html', '<html>Sign in to the hotel network</html>'],
    [302, null, ''],
  ])('%i of type %s with the body %s', (status, contentType, body) => {
    expect(classifyTokenFailure({ status, contentType, body })).toEqual({
      nature: 'transient',
      reason: 'unreadable_answer',
    });
  });

  it('an unreadable 503 is known by its status', () => {
    expect(classifyTokenFailure({ status: 503, contentType: 'text/html', body: '<html>' }).reason).toBe(
      'transient_status',
    );
  });
});

it('hands back what the server said', () => {
  const body = JSON.stringify({ error: 'invalid_client', error_description: 'AADSTS7000222: expired' });
  const failure = classifyTokenFailure({ status: 401, contentType: json, body });
  expect(failure.details?.entry?.code).toBe(7000222);
  expect(failure.details?.nature).toBe(failure.nature);
});

it('an OAuth error is one with a status of success, too', () => {
  expect(classify(200, { error: 'invalid_grant' })).toEqual({ nature: 'terminal', reason: 'refused' });
});
