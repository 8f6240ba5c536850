import type { FormError, FormFault } from '../../web/parse-form.ts';
import { EntraError } from './entra-error.ts';

const codes: Readonly<Record<FormFault, number>> = {
  repeated_parameter: 90023,
  broken_escape: 90004,
  too_long: 90015,
};

/** How Entra ID refuses a form or a query that can't be read. */
export function explainFormError({ fault }: FormError): EntraError {
  return new EntraError(codes[fault]);
}
