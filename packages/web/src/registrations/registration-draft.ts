import type { CreateRegistration, RegistrationCredential, SignInAudience } from '@latchkey/client';
import type { FieldErrors } from '../failures/field-errors.ts';

/** The form for a new registration, as typed. */
export interface RegistrationDraft {
  name: string;
  signInAudience: SignInAudience;
  administratorSignIn: 'browser' | 'device_code';
  credential: RegistrationCredential;
  /** The application may change its own secret, so that the hub rotates it. */
  automaticRotation: boolean;
  tenantId: string;
  /** What a number field holds: a number, or the text that is none yet. */
  secretLifetimeDays: number | string;
}

export const emptyRegistration: RegistrationDraft = {
  name: 'Latchkey for Dynamics 365',
  signInAudience: 'AzureADMyOrg',
  administratorSignIn: 'browser',
  credential: 'secret',
  automaticRotation: false,
  tenantId: '',
  secretLifetimeDays: 365,
};

/** Entra's portal makes secrets of at most 24 months. */
export const secretLifetimeRange = { min: 1, max: 730 } as const;

/** What must change before the draft can be sent. */
export function checkRegistration(draft: RegistrationDraft): FieldErrors {
  const errors: FieldErrors = {};
  if (draft.name.trim() === '') errors.name = 'Give the app a name. People see it when they consent.';
  const days = draft.secretLifetimeDays;
  const { min, max } = secretLifetimeRange;
  if (typeof days !== 'number' || !Number.isInteger(days) || days < min || days > max) {
    errors.secretLifetimeDays = `Enter whole days, from ${min} to ${max}.`;
  }
  return errors;
}

/** The body to send for a draft that passed its check. */
export function toCreateRegistration(draft: RegistrationDraft): CreateRegistration {
  const tenantId = draft.tenantId.trim();
  return {
    kind: 'created',
    name: draft.name.trim(),
    signInAudience: draft.signInAudience,
    administratorSignIn: draft.administratorSignIn,
    credential: draft.credential,
    automaticRotation: draft.automaticRotation,
    secretLifetimeDays: Number(draft.secretLifetimeDays),
    ...(tenantId === '' ? {} : { tenantId }),
  };
}
