import { HubProblemError, type Problem } from '@latchkey/client';
import { expect, it } from 'vitest';
import { fieldErrorsOf } from './field-errors.ts';

function refused(problem: Partial<Problem>): HubProblemError {
  return new HubProblemError({
    type: 'about:blank',
    status: 422,
    instance: 'req-1',
    code: 'invalid_body',
    title: 'The body is not valid',
    detail: 'See the errors.',
    whoActs: 'user',
    remedy: 'Change them.',
    remote: null,
    ...problem,
  });
}

it.each(['name', '/name', '#/name', '$.name', 'body.name', '/body/name'])(
  'puts %s beside the field',
  (path) => {
    expect(fieldErrorsOf(refused({ errors: [{ path, message: 'must not be empty' }] }))).toEqual({
      name: 'must not be empty',
    });
  },
);

it('shows the first message of a field', () => {
  const errors = [
    { path: 'name', message: 'first' },
    { path: 'name', message: 'second' },
  ];
  expect(fieldErrorsOf(refused({ errors }))).toEqual({ name: 'first' });
});

it('puts a refused environment address beside its field, with the way out', () => {
  const problem = {
    code: 'environment_address_invalid',
    detail: 'That is a portal.',
    remedy: 'Open the app.',
  };
  expect(fieldErrorsOf(refused(problem))).toEqual({ environmentUrl: 'That is a portal. Open the app.' });
});

it('has nothing to put beside a field for other errors', () => {
  expect(fieldErrorsOf(new TypeError('x'))).toEqual({});
  expect(fieldErrorsOf(refused({ code: 'api_key_revoked', status: 401 }))).toEqual({});
});
