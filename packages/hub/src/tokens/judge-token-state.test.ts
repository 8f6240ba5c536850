import { describe, expect, it } from 'vitest';
import { sampleNow as now, sampleState } from '../connections/testing/sample-state.ts';
import { HubError, type HubErrorCode, toFailure } from '../errors/hub-error.ts';
import { dynamics365 } from '../providers/dynamics-365/dynamics-365.ts';
import {
  assertEnabled,
  claimsMismatch,
  decideForState,
  failureOfState,
  isAlive,
  isRefreshable,
  nextRefreshAt,
  type RefreshTrigger,
} from './judge-token-state.ts';

const minute = 60_000;

function failed(
  code: HubErrorCode,
  state: 'needs_sign_in' | 'failing' | 'blocked' | null,
  nextTryAt: number | null = null,
) {
  return {
    last_failure: JSON.stringify(toFailure(new HubError(code, { detail: `It was ${code}.` }))),
    failure_state: state,
    next_try_at: nextTryAt,
  };
}

const withoutRefreshToken = { sealed_refresh_token: null };

describe('isRefreshable', () => {
  it('is so by a refresh token, or where the application asks for itself', () => {
    expect(isRefreshable(sampleState())).toBe(true);
    expect(isRefreshable(sampleState({}, withoutRefreshToken))).toBe(false);
    expect(isRefreshable(sampleState({ method: 'client_credentials' }, withoutRefreshToken))).toBe(true);
  });
});

describe('isAlive', () => {
  it('is so until the token’s end, and never without a token', () => {
    expect(isAlive(sampleState({}, { expires_at: now + 1 }), now)).toBe(true);
    expect(isAlive(sampleState({}, { expires_at: now }), now)).toBe(false);
    expect(isAlive(sampleState({}, { expires_at: null }), now)).toBe(false);
    expect(isAlive(sampleState({}, { sealed_access_token: null }), now)).toBe(false);
  });
});

describe('decideForState', () => {
  const alive = sampleState();
  const ended = sampleState({}, { expires_at: now });
  const refused = failed('connection_needs_sign_in', 'needs_sign_in');
  const waiting = failed('token_endpoint_unavailable', 'failing', now + 1);

  it.each<[string, Parameters<typeof decideForState>[0], RefreshTrigger, string]>([
    ['a fresh token', alive, 'due', 'use fresh'],
    ['a fresh token that was rejected', alive, 'rejected', 'refresh no_token'],
    ['a fresh token that a person wants renewed', alive, 'forced', 'refresh due'],
    ['an ended token', ended, 'due', 'refresh ended'],
    ['a rejected token after a refusal', sampleState(refused), 'rejected', 'fail refused'],
    ['a refused connection that a person wants renewed', sampleState(refused), 'forced', 'refresh due'],
    ['a rejected token before the next try', sampleState(waiting), 'rejected', 'fail backing_off'],
    ['a failing connection that a person wants renewed', sampleState(waiting), 'forced', 'refresh due'],
    [
      'a rejected token while the CRM fails, whose next try is no matter of tokens',
      sampleState(failed('crm_timeout', 'failing', now + 1)),
      'rejected',
      'refresh no_token',
    ],
    [
      'a token without refresh token that a person wants renewed',
      sampleState({}, withoutRefreshToken),
      'forced',
      'fail not_refreshable',
    ],
    [
      'a rejected token without refresh token',
      sampleState({}, withoutRefreshToken),
      'rejected',
      'fail not_refreshable',
    ],
  ])('%s (%#)', (_case, state, trigger, expected) => {
    const { action, reason } = decideForState(state, now, trigger);
    expect(`${action} ${reason}`).toBe(expected);
  });
});

describe('nextRefreshAt', () => {
  it('tells of the next refresh where there will be one', () => {
    const dueAt = now + 30 * minute - 6 * minute;
    expect(nextRefreshAt(sampleState())).toBe(dueAt);
    expect(nextRefreshAt(sampleState(failed('token_endpoint_unavailable', 'failing')))).toBe(dueAt);
  });

  it('tells of none without a refresh token, or once Microsoft has refused', () => {
    expect(nextRefreshAt(sampleState({}, withoutRefreshToken))).toBeNull();
    expect(nextRefreshAt(sampleState(failed('client_secret_expired', 'blocked')))).toBeNull();
  });
});

describe('failureOfState', () => {
  const messageOf = (state: Parameters<typeof decideForState>[0]) => failureOfState(dynamics365, state, now);

  it('is what Microsoft said, where it is that which stands', () => {
    expect(messageOf(sampleState(failed('client_secret_wrong', 'blocked')))).toMatchObject({
      code: 'client_secret_wrong',
      message: 'It was client_secret_wrong.',
    });
  });

  it.each([
    ['a failure of the CRM', failed('crm_timeout', 'failing')],
    ['a sign-in that came to nothing while all went on', failed('sign_in_declined', null)],
    ['no failure', {}],
  ])('is told by the token itself beside %s', (_case, connection) => {
    const ofAlive = messageOf(sampleState(connection, withoutRefreshToken));
    expect(ofAlive).toMatchObject({
      code: 'connection_needs_sign_in',
      message: expect.stringMatching(/does not accept the access token, and there is no refresh token/),
    });
    expect(messageOf(sampleState(connection, { ...withoutRefreshToken, expires_at: now })).message).toMatch(
      /^The access token has ended, and there is no refresh token/,
    );
    expect(messageOf(sampleState(connection, { sealed_access_token: null })).message).toBe(
      'No sign-in has been finished for this connection yet.',
    );
  });
});

describe('claimsMismatch', () => {
  const facts = {
    audience: 'https://contoso.crm4.dynamics.com',
    tenantId: '11111111-2222-4333-8444-555555555555',
    clientId: null,
    user: null,
    objectId: null,
    scopes: [],
    roles: ['One'],
    tokenVersion: null,
    issuedAt: null,
    expiresAt: null,
  };
  const mismatch = (connection: Parameters<typeof sampleState>[0], change: object = {}) =>
    claimsMismatch(dynamics365, sampleState(connection, { facts: JSON.stringify({ ...facts, ...change }) }));

  it('asks for the permission of a person where a person signed in', () => {
    expect(mismatch({ method: 'sign_in' })).toMatchObject({
      code: 'token_not_for_environment',
      message: 'The token lacks the permission user_impersonation; it has none.',
    });
    expect(mismatch({ method: 'client_credentials' })).toBeNull();
    expect(mismatch({ method: 'manual' })).toBeNull();
    expect(mismatch({ method: 'sign_in' }, { scopes: ['user_impersonation'] })).toBeNull();
  });

  it('asks for the environment and its tenant', () => {
    expect(mismatch({ method: 'manual' }, { audience: 'https://graph.microsoft.com' })?.message).toContain(
      'https://contoso.crm4.dynamics.com',
    );
    const other = '99999999-2222-4333-8444-555555555555';
    expect(mismatch({ method: 'manual', tenant_id: other })?.message).toContain(other);
    expect(mismatch({ method: 'manual', tenant_id: facts.tenantId })).toBeNull();
  });
});

describe('assertEnabled', () => {
  it('refuses a disabled connection only', () => {
    expect(() => assertEnabled(sampleState())).not.toThrow();
    expect(() => assertEnabled(sampleState({ disabled: 1 }))).toThrow(
      expect.objectContaining({ code: 'connection_disabled' }),
    );
  });
});
