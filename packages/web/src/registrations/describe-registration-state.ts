import type { Registration, RegistrationState, RegistrationStep } from '@latchkey/client';
import type { Tone } from '../facts/tone-badge.tsx';
import type { Step, StepVerdict } from '../steps/step-list.tsx';

const registrationStates: Record<RegistrationState, { word: string; tone: Tone }> = {
  awaiting_sign_in: { word: 'Waiting for sign-in', tone: 'info' },
  running: { word: 'Running', tone: 'info' },
  ready: { word: 'Ready', tone: 'success' },
  failed: { word: 'Failed', tone: 'danger' },
  undoing: { word: 'Being undone', tone: 'info' },
  undone: { word: 'Undone', tone: 'neutral' },
};

/** A registration's state as word and tone; one whose secret or certificate Microsoft refuses is not ready for anybody. */
export function wordOfState({
  state,
  alarm,
  credential,
}: Pick<Registration, 'state' | 'alarm' | 'credential'>): {
  word: string;
  tone: Tone;
} {
  if (alarm === null) return registrationStates[state];
  return { word: credential === 'certificate' ? 'Certificate refused' : 'Secret refused', tone: 'danger' };
}

const stepWords: Record<RegistrationStep['state'], string> = {
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  undone: 'Undone',
};

/** A registration's step as the list of steps shows it; more than one attempt is told. */
export function describeRegistrationStep(step: RegistrationStep): Step {
  const verdict: StepVerdict = step.state;
  const word = stepWords[step.state];
  return {
    name: step.name,
    title: step.title,
    verdict,
    word: step.attempts > 1 ? `${word} at attempt ${step.attempts}` : word,
    detail: step.detail,
    durationMs: step.durationMs,
    failure: step.failure,
  };
}
