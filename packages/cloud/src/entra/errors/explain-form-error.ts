import { aadsts } from '@latchkey/microsoft';
import type { FormError, FormFault } from '../../web/parse-form.ts';
import { EntraError } from './entra-error.ts';

const codes: Readonly<Record<FormFault, number>> = {
  repeated_parameter: aadsts.invalidRequest,
  broken_escape: aadsts.invalidRequestFormat,
  too_long: aadsts.queryStringTooLong,
};

/** How Entra ID refuses a form or a query that can't be read. */
export function explainFormError({ fault }: FormError): EntraError {
  return new EntraError(codes[fault]);
}
