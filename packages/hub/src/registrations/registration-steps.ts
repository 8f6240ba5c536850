import { type Failure, type RegistrationStepName, registrationStepNames } from '@latchkey/api';
import type { ProviderApi } from '../providers/provider.ts';
import type { RegistrationRow } from '../store/schema.ts';

/** The words that people know from the portal. */
const stepTitles: Readonly<Record<Exclude<RegistrationStepName, 'resource'>, string>> = {
  sign_in: 'An administrator signs in',
  tenant: 'Tenant',
  application: 'App registration',
  permissions: 'API permissions',
  service_principal: 'Service principal',
  consent: 'Admin consent',
  client_secret: 'Client secret',
  proof: 'Proof: a token for the application',
};

/** @returns what a step is called */
export function stepTitle(name: RegistrationStepName, api: ProviderApi): string {
  return name === 'resource' ? `${api.title} in the tenant` : stepTitles[name];
}

/** One step as the row keeps it, in JSON. */
export interface RegistrationStep {
  name: RegistrationStepName;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'undone';
  /** The fact that proves it, or what it waits for. */
  detail: string | null;
  /** Tries in all, those of a later retry included. */
  attempts: number;
  /** Epoch milliseconds. */
  startedAt: number | null;
  durationMs: number | null;
  failure: Failure | null;
}

const stepsOfKind: Record<RegistrationRow['kind'], readonly RegistrationStepName[]> = {
  created: registrationStepNames,
  adopted: ['tenant', 'proof'],
};

/** @returns the steps of a new registration, all waiting, as the row keeps them */
export function initialSteps(kind: RegistrationRow['kind']): string {
  return JSON.stringify(
    stepsOfKind[kind].map(
      (name): RegistrationStep => ({
        name,
        state: 'waiting',
        detail: null,
        attempts: 0,
        startedAt: null,
        durationMs: null,
        failure: null,
      }),
    ),
  );
}

export function readSteps(row: Pick<RegistrationRow, 'steps'>): RegistrationStep[] {
  const steps: RegistrationStep[] = JSON.parse(row.steps);
  return steps;
}

/** @returns the row's steps with one of them changed, as the row keeps them */
export function withStep(
  row: Pick<RegistrationRow, 'steps'>,
  name: RegistrationStepName,
  change: Partial<Omit<RegistrationStep, 'name'>>,
): string {
  return JSON.stringify(readSteps(row).map((step) => (step.name === name ? { ...step, ...change } : step)));
}
