import { HubError } from '../errors/hub-error.ts';

/** @returns the refusal of a credential that takes an identity of the hub's on its platform */
export function withoutIdentity(): HubError {
  const message = 'This hub has no identity on its platform: the operator sets LATCHKEY_WORKLOAD_IDENTITY.';
  return new HubError('invalid_body', { fields: [{ path: 'credential', message }] });
}
