import { describe, expect, it } from 'vitest';
import { sampleNow, sampleState } from '../connections/testing/sample-state.ts';
import { HubError, toFailure } from '../errors/hub-error.ts';
import type { ConnectionRow } from '../store/schema.ts';
import { planUpkeep, upkeepDueAt } from './plan-upkeep.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const proofs = { inUseMilliseconds: 6 * hour, idleMilliseconds: day, perEnvironmentMinute: 60 };
const inUse = { last_used_at: sampleNow - hour };

function plan(...parts: Parameters<typeof sampleState>) {
  return planUpkeep(sampleState(...parts), proofs, sampleNow);
}

const failed = (code: ConstructorParameters<typeof HubError>[0], state: ConnectionRow['failure_state']) => ({
  last_failure: JSON.stringify(toFailure(new HubError(code))),
  last_failure_at: sampleNow - minute,
  failure_state: state,
});

describe('planUpkeep', () => {
  it('refreshes a connection in use ahead of its token’s end', () => {
    const { refreshAt } = plan(inUse);
    // An hour's token of half an hour ago; at least a tenth of its life before its end.
    expect(refreshAt).toBeGreaterThan(sampleNow + 20 * minute);
    expect(refreshAt).toBeLessThanOrEqual(sampleNow + 24 * minute);
  });

  it('refreshes one in use at once that has no token', () => {
    const noToken = {
      access_token_digest: null,
      sealed_access_token: null,
      expires_at: null,
      obtained_at: null,
    };
    expect(plan(inUse, noToken).refreshAt).toBe(sampleNow);
  });

  it('takes one for idle that was not used for a day', () => {
    expect(plan({ last_used_at: sampleNow - day + 1 }).refreshAt).toBeLessThan(sampleNow + hour);
    expect(plan({ last_used_at: sampleNow - day }).refreshAt).toBeGreaterThan(sampleNow + 20 * day);
  });

  it('keeps an idle grant alive well inside its 90 days (lesson 9)', () => {
    const ids = Array.from({ length: 200 }, (_, index) => ({ id: `connection-${index}` }));
    const ages = ids.map((id) => ((plan(id).refreshAt ?? 0) - (sampleNow - hour / 2)) / day);
    expect(Math.max(...ages)).toBeLessThanOrEqual(30);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(24);
    // Spread, so that what was made together does not come due together.
    expect(new Set(ages.map(Math.floor)).size).toBe(6);
  });

  it('counts a refresh that brought no other refresh token as a use of the one there is', () => {
    const grown = { refresh_token_obtained_at: sampleNow - 40 * day };
    expect(plan({}, grown).refreshAt).toBeGreaterThan(sampleNow + 20 * day);
    expect(plan({}, { ...grown, obtained_at: sampleNow - 40 * day }).refreshAt).toBeLessThan(sampleNow);
  });

  it('uses a grant that lives for a day at half of that', () => {
    const dayLong = { refresh_token_obtained_at: sampleNow, refresh_token_expires_at: sampleNow + day };
    const { refreshAt } = plan({}, dayLong);
    expect(refreshAt).toBeGreaterThanOrEqual(sampleNow + 9.6 * hour);
    expect(refreshAt).toBeLessThanOrEqual(sampleNow + 12 * hour);
  });

  it('uses a grant that lives for a year as often as any other', () => {
    const yearLong = {
      refresh_token_obtained_at: sampleNow,
      refresh_token_expires_at: sampleNow + 365 * day,
    };
    expect(plan({}, yearLong).refreshAt).toBeLessThanOrEqual(sampleNow + 30 * day);
  });

  it('asks no sooner than ten minutes after it got a grant, however short that lives', () => {
    const short = { refresh_token_obtained_at: sampleNow, refresh_token_expires_at: sampleNow + minute };
    expect(plan({}, short).refreshAt).toBe(sampleNow + 10 * minute);
  });

  it('uses a pasted refresh token, whose age nobody knows, within half a day', () => {
    const { refreshAt } = plan({ method: 'manual' }, { version: 0 });
    expect(refreshAt).toBeGreaterThan(sampleNow + 9 * hour - hour / 2);
    expect(refreshAt).toBeLessThanOrEqual(sampleNow + 12 * hour - hour / 2);
    expect(plan({ method: 'manual' }, { version: 1 }).refreshAt).toBeGreaterThan(sampleNow + 20 * day);
  });

  it('keeps no tokens of an idle app, which needs nothing to live on', () => {
    const app = { method: 'client_credentials' } as const;
    const none = { sealed_refresh_token: null, refresh_token_obtained_at: null };
    expect(plan(app, none).refreshAt).toBeNull();
    expect(plan({ ...app, ...inUse }, none).refreshAt).toBeGreaterThan(sampleNow);
  });

  it('proves one in use every six hours and an idle one every day, a little early', () => {
    const proven = sampleNow - hour / 4;
    const used = plan(inUse);
    expect(used.provenUntil).toBe(proven + 6 * hour);
    expect(used.proveAt).toBeGreaterThanOrEqual(proven + 5.4 * hour);
    expect(used.proveAt).toBeLessThanOrEqual(proven + 6 * hour);
    expect(plan().provenUntil).toBe(proven + day);
  });

  it('proves one soon that nobody has tested', () => {
    const untested = { last_proven_at: null, updated_at: sampleNow };
    expect(plan(untested)).toMatchObject({ proveAt: sampleNow + minute, provenUntil: null });
  });

  it('never proves where it is told so', () => {
    const never = { inUseMilliseconds: null, idleMilliseconds: null, perEnvironmentMinute: 60 };
    expect(planUpkeep(sampleState(inUse), never, sampleNow)).toMatchObject({
      proveAt: null,
      provenUntil: null,
    });
  });

  it('does nothing for a disabled one', () => {
    expect(upkeepDueAt(plan({ disabled: 1, ...inUse }))).toBeNull();
  });

  it.each([
    ['connection_needs_sign_in', 'needs_sign_in'],
    ['client_secret_expired', 'blocked'],
    ['consent_required', 'needs_sign_in'],
  ] as const)('asks nobody after %s until a person acts', (code, state) => {
    expect(upkeepDueAt(plan({ ...inUse, ...failed(code, state) }))).toBeNull();
  });

  it('tries again when the next try is, where Microsoft failed in passing, and does nothing else', () => {
    const failing = { ...failed('token_endpoint_unavailable', 'failing'), next_try_at: sampleNow + 7 };
    expect(plan(failing)).toEqual({ refreshAt: sampleNow + 7, proveAt: null, provenUntil: null });
    expect(plan({ ...failing, next_try_at: null }).refreshAt).toBe(sampleNow);
  });

  it('proves again when the next try is, where the environment failed in passing', () => {
    const failing = { ...failed('crm_unavailable', 'failing'), next_try_at: sampleNow + 7 };
    expect(plan(failing).proveAt).toBe(sampleNow + 7);
    expect(plan(failing).refreshAt).toBeGreaterThan(sampleNow + 20 * day);
  });

  it('proves as an idle one where the environment refuses: who mends that does it elsewhere', () => {
    const { proveAt, provenUntil } = plan({ ...inUse, ...failed('crm_refused', 'blocked') });
    expect(provenUntil).toBe(sampleNow - minute + day);
    expect(proveAt).toBeGreaterThan(sampleNow + 20 * hour);
  });

  it('proves what can’t be refreshed only while its token lives, and forgets it then', () => {
    const limited = { sealed_refresh_token: null, refresh_token_obtained_at: null };
    const soon = { last_proven_at: sampleNow - 5.9 * hour, ...inUse };
    expect(plan(soon, limited)).toMatchObject({ refreshAt: null, proveAt: expect.any(Number) });
    expect(upkeepDueAt(plan(inUse, limited))).toBeNull();
    expect(upkeepDueAt(plan(soon, { ...limited, expires_at: sampleNow }))).toBeNull();
  });

  it('does not try for tokens again where there is nothing to get them by', () => {
    const failing = { ...failed('token_endpoint_unavailable', 'failing'), next_try_at: sampleNow };
    expect(plan(failing, { sealed_refresh_token: null }).refreshAt).toBeNull();
  });
});

it.each([
  [null, null, null],
  [1, null, 1],
  [null, 2, 2],
  [3, 2, 2],
  [1, 2, 1],
])('of a refresh at %s and a proof at %s, %s is due first', (refreshAt, proveAt, dueAt) => {
  expect(upkeepDueAt({ refreshAt, proveAt, provenUntil: null })).toBe(dueAt);
});
