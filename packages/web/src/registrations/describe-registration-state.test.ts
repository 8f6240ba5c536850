import type { RegistrationStep } from '@latchkey/client';
import { expect, it } from 'vitest';
import { describeRegistrationStep } from './describe-registration-state.ts';

const step: RegistrationStep = {
  name: 'service_principal',
  title: 'Service principal',
  state: 'done',
  detail: '5b1f…',
  attempts: 1,
  startedAt: '2026-05-04T12:00:00Z',
  durationMs: 41,
  failure: null,
};

it('shows a step that went through at once by its verdict alone', () => {
  expect(describeRegistrationStep(step)).toMatchObject({ verdict: 'done', word: 'Done', durationMs: 41 });
});

it('tells how many attempts a step needed', () => {
  expect(describeRegistrationStep({ ...step, attempts: 4 }).word).toBe('Done at attempt 4');
});

it('says nothing of attempts before the first', () => {
  expect(describeRegistrationStep({ ...step, state: 'waiting', attempts: 0 }).word).toBe('Waiting');
});
