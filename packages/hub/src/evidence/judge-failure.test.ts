import { describe, expect, it } from 'vitest';
import { HubError, type HubErrorCode, toFailure } from '../errors/hub-error.ts';
import {
  isTokenRefused,
  judgeFailure,
  restoreFailure,
  standingFailureSide,
  storedFailure,
  writeFailure,
} from './judge-failure.ts';

describe('judgeFailure', () => {
  it.each<[HubErrorCode | 'made_up' | 'constructor', string, string]>([
    ['connection_needs_sign_in', 'needs_sign_in', 'token'],
    ['consent_required', 'needs_sign_in', 'token'],
    ['sign_in_declined', 'needs_sign_in', 'token'],
    ['token_not_for_environment', 'needs_sign_in', 'token'],
    ['client_secret_wrong', 'blocked', 'token'],
    ['client_secret_expired', 'blocked', 'token'],
    ['token_request_refused', 'blocked', 'token'],
    ['address_not_allowed', 'failing', 'token'],
    ['token_endpoint_unavailable', 'failing', 'token'],
    ['token_endpoint_nonsense', 'failing', 'token'],
    ['crm_refused', 'blocked', 'environment'],
    ['crm_nonsense', 'failing', 'environment'],
    ['crm_unavailable', 'failing', 'environment'],
    ['crm_timeout', 'failing', 'environment'],
    ['registration_not_ready', 'blocked', 'hub'],
    ['registration_not_found', 'blocked', 'hub'],
    ['vault_key_unknown', 'blocked', 'hub'],
    ['vault_unreadable', 'blocked', 'hub'],
    ['internal_error', 'failing', 'hub'],
    ['made_up', 'failing', 'hub'],
    ['constructor', 'failing', 'hub'],
  ])('takes %s for %s, on the side of the %s', (code, state, side) => {
    expect(judgeFailure({ code }, 'sign_in')).toEqual({ state, side });
  });

  it('goes by whom the hub was calling where the code does not tell whose failure it is', () => {
    const judge = (code: HubErrorCode, side?: 'token' | 'environment') =>
      judgeFailure({ code, side }, 'sign_in');
    expect(judge('outbound_proxy_refused', 'token')).toEqual({ state: 'failing', side: 'token' });
    expect(judge('certificate_untrusted', 'environment')).toEqual({ state: 'failing', side: 'environment' });
    expect(judge('outbound_proxy_unavailable')).toEqual({ state: 'failing', side: 'hub' });
    expect(judge('crm_timeout', 'token').side).toBe('environment');
  });

  it('asks nobody to sign in where the application signs in as itself', () => {
    expect(judgeFailure({ code: 'consent_required' }, 'client_credentials')).toEqual({
      state: 'blocked',
      side: 'token',
    });
    expect(judgeFailure({ code: 'crm_timeout' }, 'client_credentials')).toEqual({
      state: 'failing',
      side: 'environment',
    });
    expect(judgeFailure({ code: 'consent_required' }, 'manual').state).toBe('needs_sign_in');
  });
});

describe('a stored failure', () => {
  const stored = (code: HubErrorCode, state: 'needs_sign_in' | 'failing' | 'blocked' | null) => ({
    last_failure: JSON.stringify(toFailure(new HubError(code))),
    failure_state: state,
    method: 'sign_in' as const,
  });
  const none = { last_failure: null, failure_state: null, method: 'sign_in' as const };

  it('holds the connection back only while it has a state', () => {
    expect(standingFailureSide(stored('crm_timeout', 'failing'))).toBe('environment');
    expect(standingFailureSide(stored('sign_in_declined', null))).toBeNull();
    expect(standingFailureSide(none)).toBeNull();
  });

  it('is for good where Microsoft has refused tokens, and only there', () => {
    expect(isTokenRefused(stored('connection_needs_sign_in', 'needs_sign_in'))).toBe(true);
    expect(isTokenRefused(stored('client_secret_wrong', 'blocked'))).toBe(true);
    expect(isTokenRefused(stored('token_endpoint_unavailable', 'failing'))).toBe(false);
    expect(isTokenRefused(stored('crm_refused', 'blocked'))).toBe(false);
    expect(isTokenRefused(stored('sign_in_declined', null))).toBe(false);
  });

  it('comes back as it was thrown', () => {
    const remote = {
      system: 'entra',
      code: 'AADSTS50173',
      oauthError: 'invalid_grant',
      message: 'It was revoked.',
      httpStatus: 400,
      traceId: 't',
      correlationId: 'c',
      timestamp: null,
      helpLink: null,
    } as const;
    const thrown = new HubError('connection_needs_sign_in', {
      detail: 'The sign-in was revoked.',
      remedy: 'Sign in anew.',
      whoActs: 'operator',
      remote,
    });
    for (const side of [undefined, 'token', 'environment'] as const) {
      if (side) thrown.options.side = side;
      const restored = restoreFailure({ last_failure: writeFailure(thrown) });
      expect(restored && toFailure(restored)).toEqual(toFailure(thrown));
      expect(restored?.options.side).toBe(side);
    }
    expect(restoreFailure(none)).toBeNull();
  });

  it('of a code that a later version knows is the hub’s own, in the words that were stored', () => {
    const failure = {
      ...toFailure(new HubError('crm_timeout', { detail: 'Words.' })),
      code: 'from_the_future',
    };
    const restored = restoreFailure({ last_failure: JSON.stringify(failure) });
    expect(restored).toMatchObject({ code: 'internal_error', message: 'Words.' });
    expect(restored?.options.remote).toBeUndefined();
  });

  it('of a later version is told as far as it is understood', () => {
    const failure = {
      ...toFailure(new HubError('crm_timeout', { detail: 'Words.' })),
      whoActs: 'licence_manager',
      remote: { system: 'business-central', message: 'Closed.' },
    };
    expect(storedFailure({ last_failure: JSON.stringify(failure) })).toEqual({
      ...failure,
      whoActs: 'operator',
      remote: null,
    });
  });

  it.each(['{', '{}', '[]', 'null'])('is not taken from a text that holds none: %s', (text) => {
    expect(() => storedFailure({ last_failure: text })).toThrow('connections.last_failure');
  });
});
