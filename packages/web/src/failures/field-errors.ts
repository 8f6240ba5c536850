import { HubProblemError } from '@latchkey/client';

/** Messages by the field that they belong to. */
export type FieldErrors = Partial<Record<string, string>>;

const addressProblem = 'environment_address_invalid';

/**
 * The messages of a refused body that belong beside a field of the form. The first for a field wins.
 * Paths come as JSON Pointer (`/name`), JSONPath (`$.name`) or plain (`name`, `body.name`).
 */
export function fieldErrorsOf(error: unknown): FieldErrors {
  if (!(error instanceof HubProblemError)) return {};
  const { problem } = error;
  const errors: FieldErrors = {};
  for (const { path, message } of problem.errors ?? []) {
    const field = path.replace(/^(#?\/|\$\.)/, '').replace(/^body[./]/, '');
    errors[field] ??= message;
  }
  if (problem.code === addressProblem) errors.environmentUrl ??= `${problem.detail} ${problem.remedy}`;
  return errors;
}
