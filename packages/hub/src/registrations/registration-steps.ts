import { failureSchema, type RegistrationStepName, registrationStepNames } from '@latchkey/api';
import { z } from 'zod';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import { readTime } from '../ground/outside-values.ts';
import { readColumn } from '../ground/read-json.ts';
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
  client_certificate: 'Client certificate',
  federated_credential: 'Federated credential',
  automatic_rotation: 'Permission to rotate by itself',
  proof: 'Proof: a token for the application',
};

/** @returns what a step is called */
export function stepTitle(name: RegistrationStepName, api: ProviderApi): string {
  return name === 'resource' ? `${api.title} in the tenant` : stepTitles[name];
}

const storedStepSchema = z.object({
  name: z.enum(registrationStepNames),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'undone']),
  /** The fact that proves it, or what it waits for. */
  detail: z.string().nullable(),
  /** Tries in all, those of a later retry included. */
  attempts: z.number(),
  /** Epoch milliseconds. */
  startedAt: z.number().nullable().transform(readTime),
  durationMs: z.number().nullable(),
  failure: failureSchema.nullable(),
});
const storedStepsSchema = z.array(storedStepSchema);

/** One step as the row keeps it, in JSON. */
export type RegistrationStep = z.output<typeof storedStepSchema>;

/** The steps that make what an application proves itself by; a registration has one of them at most. */
export type CredentialStep = Extract<
  RegistrationStepName,
  'client_secret' | 'client_certificate' | 'federated_credential'
>;
const credentialSteps: ReadonlySet<RegistrationStepName> = new Set<CredentialStep>([
  'client_secret',
  'client_certificate',
  'federated_credential',
]);
const stepsOfAdoption: ReadonlySet<RegistrationStepName> = new Set<RegistrationStepName>(['tenant', 'proof']);

/**
 * @param credentialStep null where the application has its credential already
 * @param rotatesItself whether the application is to get the permission to change its own credentials
 * @returns the steps of a new registration, all waiting, as the row keeps them; of a damaged kind those of a new application
 */
export function initialSteps(
  kind: RegistrationRow['kind'],
  credentialStep: CredentialStep | null,
  rotatesItself: boolean,
): string {
  const names = registrationStepNames.filter((name) => {
    if (credentialSteps.has(name)) return name === credentialStep;
    if (name === 'automatic_rotation') return rotatesItself;
    return kind !== 'adopted' || stepsOfAdoption.has(name);
  });
  return JSON.stringify(
    names.map(
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
  return readColumn(storedStepsSchema, row.steps, 'registrations.steps');
}

/** @returns whether what the row keeps of its steps can't be read: nothing can go on from it */
export function hasDamagedSteps(row: Pick<RegistrationRow, 'steps'>): boolean {
  try {
    readSteps(row);
    return false;
  } catch (error) {
    if (error instanceof DamagedValueError) return true;
    throw error;
  }
}

/** @returns the row's steps with one of them changed, as the row keeps them */
export function withStep(
  row: Pick<RegistrationRow, 'steps'>,
  name: RegistrationStepName,
  change: Partial<Omit<RegistrationStep, 'name'>>,
): string {
  return JSON.stringify(readSteps(row).map((step) => (step.name === name ? { ...step, ...change } : step)));
}
