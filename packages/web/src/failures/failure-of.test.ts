import { type Failure, HubProblemError, HubUnreachableError } from '@latchkey/client';
import { expect, it } from 'vitest';
import { FailureError, failureOf } from './failure-of.ts';

const failure: Failure = {
  code: 'connection_not_found',
  title: 'There is no such connection',
  detail: 'It may have been deleted.',
  whoActs: 'user',
  remedy: 'Go back to the list.',
  remote: null,
};

it("shows the hub's own problem", () => {
  const problem = { ...failure, type: 'about:blank', status: 404, instance: 'req-1' };
  expect(failureOf(new HubProblemError(problem))).toBe(problem);
});

it('shows the failure that an error carries', () => {
  expect(failureOf(new FailureError(failure))).toBe(failure);
});

it('sends the person to the operator when the hub does not answer', () => {
  const unreachable = new HubUnreachableError('http://localhost:4480', {
    cause: new TypeError('fetch failed'),
  });
  expect(failureOf(unreachable)).toMatchObject({
    code: 'hub_unreachable',
    whoActs: 'operator',
    detail: expect.stringContaining('http://localhost:4480'),
  });
});

it.each([[new RangeError('bad date')], ['a string']])('shows %s as a fault of the page', (thrown) => {
  expect(failureOf(thrown)).toMatchObject({ code: 'page_failed', whoActs: 'developer' });
});
