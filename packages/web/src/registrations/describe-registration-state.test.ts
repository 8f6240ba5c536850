import type { Failure, RegistrationStep } from '@latchkey/client';
import { expect, it } from 'vitest';
import { describeRegistrationStep, wordOfState } from './describe-registration-state.ts';

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

it('does not call a registration ready whose secret or certificate is refused', () => {
  const alarm = { code: 'client_secret_expired' } as Failure;
  const ready = { state: 'ready', credential: 'secret' } as const;
  expect(wordOfState({ ...ready, alarm: null })).toEqual({ word: 'Ready', tone: 'success' });
  expect(wordOfState({ ...ready, alarm })).toEqual({ word: 'Secret refused', tone: 'danger' });
  expect(wordOfState({ ...ready, credential: 'certificate', alarm }).word).toBe('Certificate refused');
});
