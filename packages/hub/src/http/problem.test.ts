import { expect, it } from 'vitest';
import { HubError, withRetryAfter } from '../errors/hub-error.ts';
import { presentProblem } from './problem.ts';

it.each([
  ['a whole number of seconds', 90_000, 90],
  ['a part of a second, rounded up', 1_001, 2],
  ['no time at all, by which callers would ask again at once', 0, 1],
  ['a time that is over', -5_000, 1],
])('says in how long to ask again: %s', (_case, milliseconds, seconds) => {
  const error = withRetryAfter(new HubError('token_endpoint_unavailable', { detail: 'Away.' }), milliseconds);
  expect(presentProblem(error, 'request-1')).toMatchObject({ detail: 'Away.', retryAfterSeconds: seconds });
});

it('says nothing of it where that is not known', () => {
  expect(presentProblem(new HubError('crm_unavailable'), 'request-1')).not.toHaveProperty(
    'retryAfterSeconds',
  );
});
