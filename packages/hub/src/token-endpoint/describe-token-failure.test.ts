import { aadsts, parseOAuthErrorParameters } from '@latchkey/microsoft';
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

/** An OAuth error with nothing of Microsoft's about it. */
function bare(body: object): OutboundResponse {
  return { status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
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

  it.each([
    [html(499), 'token_endpoint_nonsense'],
    [html(500), 'token_endpoint_unavailable'],
    [html(501), 'token_endpoint_unavailable'],
    [html(599), 'token_endpoint_unavailable'],
  ])('takes %o for %s: it may pass from 500 on', (answer, code) => {
    expect(describeTokenRefusal('refresh_token', answer).code).toBe(code);
  });

  it.each([
    [{ 'content-type': 'text/html', 'client-request-id': 'c-1' }, 'HTTP 404 and text/html', 'c-1'],
    [{}, 'HTTP 404 and no content type', null],
  ])(
    'says what came that is no token answer: %o',
    (headers: Record<string, string>, words, correlationId) => {
      const failure = toFailure(describeTokenRefusal('refresh_token', { ...html(404), headers }));
      expect(failure.detail).toContain(words);
      expect(failure.remote).toMatchObject({
        httpStatus: 404,
        correlationId,
        code: null,
        message: failure.detail,
      });
    },
  );

  it.each([
    [{ error: 'consent_required' }, 'consent_required'],
    [{ error: 'invalid_grant', suberror: 'consent_required' }, 'consent_required'],
    [{ error: 'invalid_grant', suberror: 'bad_token' }, 'connection_needs_sign_in'],
    [{ error: 'invalid_request' }, 'token_request_refused'],
  ])('knows missing consent by each of its names: %o', (body, code) => {
    expect(describeTokenRefusal('refresh_token', bare(body)).code).toBe(code);
  });

  it.each([
    aadsts.consentRequired,
    aadsts.tokenForItselfRequiresGraphPermission,
    aadsts.adminConsentRequired,
    aadsts.adminConsentRequestRequired,
    aadsts.adminConsentRequiredForRiskyApp,
  ])('knows missing consent by AADSTS%i, whatever error comes with it', (code) => {
    const answer = oauthError(400, 'invalid_request', code);
    expect(describeTokenRefusal('client_credentials', answer).code).toBe('consent_required');
    const details = parseOAuthErrorParameters(
      new URLSearchParams({ error: 'access_denied', error_description: `AADSTS${code}: No.` }),
    );
    expect(details && describeCallbackError(details).code).toBe('consent_required');
  });

  it('says the error where Microsoft says nothing else, and Microsoft’s words where nobody knows the code', () => {
    expect(
      toFailure(describeTokenRefusal('refresh_token', bare({ error: 'invalid_request' }))),
    ).toMatchObject({
      detail: 'invalid_request',
      remote: { code: null, helpLink: null, traceId: null, correlationId: null, timestamp: null },
    });
    const unknown = { error: 'invalid_request', error_description: 'AADSTS99999999: Nobody knows.' };
    expect(toFailure(describeTokenRefusal('refresh_token', bare(unknown)))).toMatchObject({
      detail: 'AADSTS99999999: Nobody knows.',
      remote: { code: 'AADSTS99999999', helpLink: expect.stringContaining('99999999') },
    });
  });

  it('names the particular one of several codes', () => {
    const body = {
      error: 'invalid_grant',
      error_description: 'AADSTS70000: It was refused. AADSTS50173: The grant was revoked.',
      error_codes: [70000, 50173],
    };
    const known = toFailure(describeTokenRefusal('refresh_token', bare(body)));
    expect(known.remote?.code).toBe('AADSTS50173');
    const unknown = { ...body, error_description: 'No.', error_codes: [99999998, 99999999] };
    const { remote } = toFailure(describeTokenRefusal('refresh_token', bare(unknown)));
    expect(remote?.code).toBe('AADSTS99999999');
  });

  it('leaves the advice to wait where a refusal passes by itself', () => {
    const passing = toFailure(describeTokenRefusal('refresh_token', oauthError(500, 'server_error', 50173)));
    const standing = toFailure(
      describeTokenRefusal('refresh_token', oauthError(400, 'invalid_grant', 50173)),
    );
    expect(passing).toMatchObject({ code: 'token_endpoint_unavailable', whoActs: 'nobody' });
    expect(passing.remedy).not.toBe(standing.remedy);
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
    ['', null],
    ['17 s', null],
    ['x17', null],
    ['-17', null],
    [' 17 ', 17_000],
    ['0', 0],
    ['31622400', 3_600_000],
    ['999999999', null],
    ['Fri, 31 Dec 9999 23:59:59 GMT', null],
    ['-1', null],
    ['9999999999999', null],
  ])('reads %s', (value, expected) => {
    expect(at(value)).toBe(expected);
  });

  it('is null without the header', () => {
    expect(retryAfterOf({ status: 503, headers: {}, body: '' }, 0)).toBeNull();
  });
});

describe('a token endpoint that leads elsewhere', () => {
  const detailOf = (location: string) => {
    const answer = { status: 302, headers: { 'content-type': 'text/html', location }, body: '' };
    return describeTokenRefusal('refresh_token', answer).message;
  };

  it.each([
    ['https://proxy.example/login?url=secret', ' It leads to https://proxy.example.'],
    ['//proxy.example/secret', ' It leads to https://proxy.example.'],
    ['https://jane:secret@proxy.example:8443/', ' It leads to https://proxy.example:8443.'],
    ['contoso-app://secret/?code=secret', ''],
    ['/secret', ' It leads to another path of the same host.'],
    ['https://', ''],
    ['', ''],
  ])('says where %s leads, and no more of it', (location, words) => {
    const detail = detailOf(location);
    expect(detail).toBe(
      `The token endpoint answered with HTTP 302 and text/html, which is no token answer.${words}`,
    );
    expect(detail).not.toContain('secret');
  });
});
