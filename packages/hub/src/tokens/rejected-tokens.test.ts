import { describe, expect, it } from 'vitest';
import { sampleNow, sampleState } from '../connections/testing/sample-state.ts';
import { HubError, toFailure } from '../errors/hub-error.ts';
import { nextRefreshAfterRejection, rejectedTokens } from './rejected-tokens.ts';

const minute = 60_000;
const refused = {
  last_failure: JSON.stringify(toFailure(new HubError('crm_refused', { side: 'environment' }))),
  last_failure_at: sampleNow,
  failure_state: 'blocked',
} as const;
const rejected = (rejected_in_a_row: number, obtained_at: number | null = sampleNow) =>
  ({ rejected_in_a_row, obtained_at }) as const;

describe('the next token after fresh ones were rejected', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [7, 60],
    [40, 60],
  ])('may be asked for, after %i in a row, %i minutes after the last one came', (count, minutes) => {
    const state = sampleState({}, rejected(count));
    expect(nextRefreshAfterRejection(state) - sampleNow).toBe(minutes * minute);
  });

  it('may be asked for at once while none was', () => {
    expect(nextRefreshAfterRejection(sampleState({}, rejected(0)))).toBe(0);
    expect(nextRefreshAfterRejection(sampleState({}, rejected(1, null)))).toBe(0);
  });
});

describe('rejected tokens of a connection', () => {
  it('are told while the environment refuses', () => {
    expect(rejectedTokens(sampleState(refused, rejected(2)))).toEqual({
      inARow: 2,
      nextTokenAt: sampleNow + 2 * minute,
    });
  });

  it('are none where the one 401 was healed', () => {
    expect(rejectedTokens(sampleState({}, rejected(1)))).toBeNull();
  });

  it('are none where something else is refused', () => {
    expect(rejectedTokens(sampleState(refused, rejected(0)))).toBeNull();
    const ofToken = { ...refused, last_failure: JSON.stringify(toFailure(new HubError('consent_required'))) };
    expect(rejectedTokens(sampleState(ofToken, rejected(3)))).toBeNull();
  });
});
