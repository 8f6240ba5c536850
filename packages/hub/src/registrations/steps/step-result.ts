import type { RegistrationChange } from '../change-registration.ts';

/** What a step achieved: the fact that proves it, and what the registration keeps of it. */
export interface StepResult {
  detail: string;
  values: RegistrationChange;
}
