import type { TestStep } from '@latchkey/client';
import { expect, it } from 'vitest';
import { describeTestStep, pendingTestSteps } from './describe-test.ts';

const step: TestStep = {
  name: 'who_am_i',
  title: 'WhoAmI',
  outcome: 'passed',
  detail: 'User 7f2c…',
  durationMs: 18,
  failure: null,
};

it('shows all seven steps while the test runs', () => {
  expect(pendingTestSteps().map(({ name }) => name)).toEqual([
    'address',
    'tls',
    'discovery',
    'token',
    'claims',
    'who_am_i',
    'read',
  ]);
});

it('shows verdict, fact and time of a step', () => {
  expect(describeTestStep(step)).toEqual({
    name: 'who_am_i',
    title: 'WhoAmI',
    verdict: 'done',
    word: 'Passed',
    detail: 'User 7f2c…',
    durationMs: 18,
    failure: null,
  });
});

it('shows no time for a step that was skipped', () => {
  expect(describeTestStep({ ...step, outcome: 'skipped', durationMs: 0 })).toMatchObject({
    verdict: 'skipped',
    durationMs: null,
  });
});
