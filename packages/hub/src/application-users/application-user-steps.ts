import { type ApplicationUserStepName, applicationUserStepNames, failureSchema } from '@latchkey/api';
import { z } from 'zod';
import { readColumn } from '../ground/read-json.ts';
import type { ApplicationUserRow } from '../store/schema.ts';

export const stepTitles: Readonly<Record<ApplicationUserStepName, string>> = {
  sign_in: 'An administrator of the environment signs in',
  environment: 'The environment and its roles',
  choice: 'Roles are chosen',
  application_user: 'Application user',
  security_roles: 'Security roles',
  proof: 'Proof: the application is let in',
};

const storedSteps = z.array(
  z.object({
    name: z.enum(applicationUserStepNames),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'undone']),
    detail: z.string().nullable(),
    attempts: z.number(),
    failure: failureSchema.nullable(),
  }),
);

/** One step as the row keeps it, in JSON. */
export type StoredStep = z.output<typeof storedSteps>[number];

/** @returns the steps of a new application user, all waiting, as the row keeps them */
export function initialSteps(): string {
  const steps = applicationUserStepNames.map(
    (name): StoredStep => ({ name, state: 'waiting', detail: null, attempts: 0, failure: null }),
  );
  return JSON.stringify(steps);
}

export function readSteps({ steps }: Pick<ApplicationUserRow, 'steps'>): StoredStep[] {
  return readColumn(storedSteps, steps, 'application_users.steps');
}

/** @returns the row's steps with one of them changed, as the row keeps them */
export function withStep(
  row: Pick<ApplicationUserRow, 'steps'>,
  name: ApplicationUserStepName,
  change: Partial<Omit<StoredStep, 'name'>>,
): string {
  return JSON.stringify(readSteps(row).map((step) => (step.name === name ? { ...step, ...change } : step)));
}
