import { parseOAuthErrorParameters } from '@latchkey/microsoft';
import { describe, expect, it } from 'vitest';
import { entraError, traceId } from '../connections/testing/entra-answers.ts';
import { toFailure } from '../errors/hub-error.ts';
import { OutboundError, type OutboundResponse } from '../outbound/outbound-http.ts';
import {
  describeCallbackError,
  describeTokenNetworkFailure,
  describeTokenRefusal,
  type GrantType,
  retryAfterOf,
} from './describe-token-failure.ts';

function oauthError(status: number, error: string, code: number, suberror?: string): OutboundResponse {
  const body = JSON.stringify(entraError(status, error, code, suberror).body);
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function html(status: number): OutboundResponse {
  return { status, headers: { 'content-type': 'text/html' }, body: '<html>Proxy</html>' };
}

describe('describeTokenRefusal', () => {
  it.each<[GrantType, OutboundResponse, string, string]>([
    [
      'refresh_token',
      oauthError(400, 'invalid_grant', 50173, 'bad_token'),
      'connection_needs_sign_in',
      'user',
    ],
    [
      'refresh_token',
      oauthError(400, 'invalid_grant', 700082, 'bad_token'),
      'connection_needs_sign_in',
      'user',
    ],
    [
      'refresh_token',
      oauthError(400, 'invalid_grant', 50076, 'basic_action'),
      'connection_needs_sign_in',
      'user',
    ],
    ['refresh_token', oauthError(400, 'interaction_required', 50076), 'connection_needs_sign_in', 'user'],
    [
      'refresh_token',
      oauthError(400, 'invalid_grant', 65001, 'consent_required'),
      'consent_required',
      'user',
    ],
    ['refresh_token', oauthError(401, 'invalid_client', 7000215), 'client_secret_wrong', 'administrator'],
    [
      'client_credentials',
      oauthError(401, 'invalid_client', 7000222),
      'client_secret_expired',
      'administrator',
    ],
    [
      'refresh_token',
      oauthError(400, 'unauthorized_client', 700016),
      'token_request_refused',
      'administrator',
    ],
    ['client_credentials', oauthError(400, 'invalid_grant', 50173), 'token_request_refused', 'user'],
    ['authorization_code', oauthError(400, 'invalid_grant', 54005), 'connection_needs_sign_in', 'user'],
    ['refresh_token', oauthError(500, 'invalid_grant', 50173), 'token_endpoint_unavailable', 'nobody'],
    [
      'refresh_token',
      oauthError(400, 'temporarily_unavailable', 90033),
      'token_endpoint_unavailable',
      'nobody',
    ],
    ['refresh_token', html(503), 'token_endpoint_unavailable', 'nobody'],
    ['refresh_token', html(429), 'token_endpoint_unavailable', 'nobody'],
    ['refresh_token', html(200), 'token_endpoint_nonsense', 'operator'],
    ['refresh_token', html(404), 'token_endpoint_nonsense', 'operator'],
  ])('%s, %o → %s, %s acts', (grantType, answer, code, whoActs) => {
    expect(toFailure(describeTokenRefusal(grantType, answer))).toMatchObject({ code, whoActs });
  });

  it('keeps Microsoft’s words and ids, and explains the code', () => {
    const answer = oauthError(400, 'invalid_grant', 50173, 'bad_token');
    expect(toFailure(describeTokenRefusal('refresh_token', answer))).toMatchObject({
      detail: expect.stringContaining('revoked'),
      remedy: expect.stringMatching(/sign in again/i),
      remote: {
        system: 'entra',
        code: 'AADSTS50173',
        oauthError: 'invalid_grant',
        message: 'AADSTS50173: It was refused.',
        httpStatus: 400,
        traceId,
        timestamp: '2026-11-22 12:00:00Z',
        helpLink: 'https://login.microsoftonline.com/error?code=50173',
      },
    });
  });

  it('never repeats a body that is no OAuth error: it may hold anything', () => {
    const failure = toFailure(
      describeTokenRefusal('refresh_token', { ...html(200), body: 'secret-in-a-page' }),
    );
    expect(JSON.stringify(failure)).not.toContain('secret-in-a-page');
  });
});

describe('describeTokenNetworkFailure', () => {
  it('names the network’s code', () => {
    const failure = toFailure(
      describeTokenNetworkFailure(new OutboundError('ETIMEDOUT', 'x gave no whole answer.')),
    );
    expect(failure).toMatchObject({
      code: 'token_endpoint_unavailable',
      detail: 'No whole answer came from the token endpoint: x gave no whole answer.',
      remote: { system: 'network', code: 'ETIMEDOUT', httpStatus: null },
    });
  });
});

describe('describeCallbackError', () => {
  it.each([
    ['access_denied', 65004, 'sign_in_declined'],
    ['consent_required', 65001, 'consent_required'],
    ['access_denied', 90094, 'consent_required'],
    ['login_required', 50058, 'sign_in_declined'],
    ['invalid_resource', 500011, 'token_request_refused'],
    ['temporarily_unavailable', 90033, 'token_endpoint_unavailable'],
  ])('%s %i → %s', (error, number, code) => {
    const query = new URLSearchParams({ error, error_description: `AADSTS${number}: No.` });
    const details = parseOAuthErrorParameters(query);
    expect(details && describeCallbackError(details).code).toBe(code);
  });
});

describe('retryAfterOf', () => {
  const at = (value: string) =>
    retryAfterOf({ status: 503, headers: { 'retry-after': value }, body: '' }, 1000);

  it.each([
    ['17', 17_000],
    ['Thu, 01 Jan 1970 00:00:31 GMT', 30_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', null],
  ])('reads %s', (value, expected) => {
    expect(at(value)).toBe(expected);
  });

  it('is null without the header', () => {
    expect(retryAfterOf({ status: 503, headers: {}, body: '' }, 0)).toBeNull();
  });
});
