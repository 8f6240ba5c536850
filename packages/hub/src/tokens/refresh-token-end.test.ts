import { expect, it } from 'vitest';
import { sampleNow, sampleState } from '../connections/testing/sample-state.ts';
import { refreshTokenEnd } from './refresh-token-end.ts';

const hour = 3_600_000;
const day = 24 * hour;

it.each<[string, Parameters<typeof sampleState>, ReturnType<typeof refreshTokenEnd>]>([
  [
    'as the token endpoint told',
    [{}, { refresh_token_expires_at: sampleNow + 7 * hour }],
    { endsAt: sampleNow + 7 * hour, basis: 'told' },
  ],
  [
    '90 days after it was got, where nobody told',
    [{}, { refresh_token_obtained_at: sampleNow, obtained_at: sampleNow - hour }],
    { endsAt: sampleNow + 90 * day, basis: 'assumed_90_days' },
  ],
  [
    '90 days after a refresh that brought no other one',
    [{}, { refresh_token_obtained_at: sampleNow - 40 * day, obtained_at: sampleNow - day }],
    { endsAt: sampleNow + 89 * day, basis: 'assumed_90_days' },
  ],
  [
    'within 24 hours, where it was typed in and may be a single page app’s',
    [{ method: 'manual' }, { version: 0, refresh_token_obtained_at: sampleNow }],
    { endsAt: sampleNow + day, basis: 'assumed_24_hours' },
  ],
  [
    'as any other, once a typed in one was used',
    [{ method: 'manual' }, { version: 1, refresh_token_obtained_at: sampleNow, obtained_at: null }],
    { endsAt: sampleNow + 90 * day, basis: 'assumed_90_days' },
  ],
  ['never, where there is none', [{}, { sealed_refresh_token: null, refresh_token_expires_at: 1 }], null],
  ['nobody knows when, where its beginning is not known', [{}, { refresh_token_obtained_at: null }], null],
])('a refresh token ends %s', (_case, parts, end) => {
  expect(refreshTokenEnd(sampleState(...parts))).toEqual(end);
});
