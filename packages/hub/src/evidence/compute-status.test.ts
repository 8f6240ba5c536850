import { describe, expect, it } from 'vitest';
import { sampleEvidence, sampleNow } from '../connections/testing/sample-state.ts';
import { HubError, toFailure } from '../errors/hub-error.ts';
import type { ConnectionRow } from '../store/schema.ts';
import { computeStatus } from './compute-status.ts';

const failed = (code: ConstructorParameters<typeof HubError>[0], state: ConnectionRow['failure_state']) => ({
  last_failure: JSON.stringify(toFailure(new HubError(code, { detail: 'What happened.' }))),
  last_failure_at: sampleNow,
  failure_state: state,
});
const noToken = { sealed_access_token: null, access_token_digest: null, obtained_at: null, expires_at: null };
const ended = { expires_at: sampleNow };

describe('computeStatus', () => {
  it.each<[string, Parameters<typeof sampleEvidence>, string, string, RegExp]>([
    ['proven', [], 'ready', 'nobody', /last answered at 2026-11-02T08:45/],
    ['proven, its token ended', [{}, ended], 'ready', 'nobody', /last answered/],
    [
      'without a refresh token',
      [{}, { sealed_refresh_token: null }],
      'limited',
      'user',
      /works until 2026-11-02T09:30/,
    ],
    [
      'ended without a refresh token',
      [{}, { sealed_refresh_token: null, ...ended }],
      'needs_sign_in',
      'user',
      /ended at/,
    ],
    [
      'never signed in',
      [{ last_proven_at: null }, { ...noToken, sealed_refresh_token: null }],
      'needs_sign_in',
      'user',
      /No sign-in has been finished/,
    ],
    ['saved but not proven', [{ last_proven_at: null }], 'failing', 'user', /not answered a test/],
    [
      'an application without a token yet',
      [
        { method: 'client_credentials', last_proven_at: null },
        { ...noToken, sealed_refresh_token: null },
      ],
      'failing',
      'user',
      /not answered a test/,
    ],
    [
      'an application’s, proven',
      [{ method: 'client_credentials' }, { sealed_refresh_token: null }],
      'ready',
      'nobody',
      /last answered/,
    ],
    [
      'refused by Microsoft',
      [failed('connection_needs_sign_in', 'needs_sign_in')],
      'needs_sign_in',
      'user',
      /What happened/,
    ],
    [
      'with an ended secret',
      [failed('client_secret_expired', 'blocked')],
      'blocked',
      'administrator',
      /What happened/,
    ],
    ['refused by the CRM', [failed('crm_refused', 'blocked')], 'blocked', 'administrator', /What happened/],
    [
      'failing for now',
      [failed('token_endpoint_unavailable', 'failing')],
      'failing',
      'nobody',
      /What happened/,
    ],
    [
      'disabled, whatever failed',
      [{ ...failed('crm_refused', 'blocked'), disabled: 1 }],
      'disabled',
      'operator',
      /disabled/,
    ],
    [
      'working, after a sign-in that was declined',
      [failed('sign_in_declined', null)],
      'ready',
      'nobody',
      /last answered/,
    ],
  ])('a connection %s', (_case, parts, state, whoActs, reason) => {
    const status = computeStatus(sampleEvidence(...parts), sampleNow);
    expect(status).toMatchObject({ state, whoActs, reason: expect.stringMatching(reason) });
  });

  it('tells when it goes on by itself', () => {
    expect(computeStatus(sampleEvidence(), sampleNow)).toMatchObject({
      lastProvenAt: '2026-11-02T08:45:00.000Z',
      lastRefreshedAt: '2026-11-02T08:30:00.000Z',
      nextRefreshAt: '2026-11-02T09:24:00.000Z',
      nextTryAt: null,
      endsAt: null,
    });
  });

  it('tells when it tries again after a transient failure', () => {
    const state = sampleEvidence({
      ...failed('token_endpoint_unavailable', 'failing'),
      next_try_at: sampleNow + 1000,
    });
    expect(computeStatus(state, sampleNow)).toMatchObject({
      nextTryAt: '2026-11-02T09:00:01.000Z',
      failure: { code: 'token_endpoint_unavailable' },
    });
  });

  it.each([
    ['is proven in time', 14, null],
    ['was not proven when that was due', 16, '2026-11-02T09:00:00.000Z'],
  ])('of a connection that %s says so', (_case, minutes, overdueSince) => {
    const evidence = { ...sampleEvidence(), nextProofAt: sampleNow - 1, provenUntil: sampleNow };
    const status = computeStatus(evidence, sampleNow + minutes * 60_000);
    expect(status).toMatchObject({
      state: 'ready',
      nextProofAt: '2026-11-02T08:59:59.999Z',
      proofOverdueSince: overdueSince,
    });
    expect(status.reason.includes('It has not been proven since')).toBe(overdueSince !== null);
  });

  it.each([
    [
      1,
      60_000,
      'A fresh access token was refused, too; Microsoft is asked for another one not before 2026-11-02T09:01:00.000Z.',
    ],
    [
      3,
      0,
      '3 fresh access tokens in a row were refused, too; Microsoft is asked for another one with the next call that is refused.',
    ],
  ])('tells that %i fresh tokens were rejected, and when another one is asked for', (inARow, wait, words) => {
    const rejected = { inARow, nextTokenAt: sampleNow + wait };
    const evidence = { ...sampleEvidence(failed('crm_refused', 'blocked')), rejected };
    const { reason, nextTryAt } = computeStatus(evidence, sampleNow);
    expect(reason).toContain(words);
    expect(nextTryAt).toBe(wait > 0 ? '2026-11-02T09:01:00.000Z' : null);
  });

  it('promises no refresh that Microsoft has refused', () => {
    const state = sampleEvidence(failed('connection_needs_sign_in', 'needs_sign_in'));
    expect(computeStatus(state, sampleNow).nextRefreshAt).toBeNull();
  });

  it('says that somebody else signed in', () => {
    const state = sampleEvidence({ identity_notice: 'bob signed in; before it was alice.' });
    expect(computeStatus(state, sampleNow).reason).toContain('bob signed in; before it was alice.');
  });
});
