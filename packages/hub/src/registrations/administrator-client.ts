import { wellKnownIds } from '@latchkey/microsoft';
import type { CloudConfig, HubConfig } from '../config/config.ts';
import { HubError } from '../errors/hub-error.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { entraEndpoints } from '../token-endpoint/entra-endpoints.ts';
import type { TokenClient } from '../token-endpoint/request-token.ts';
import { readSteps } from './registration-steps.ts';

/**
 * What an administrator is asked to permit: to make the application and to consent for everybody, and to say who and
 * where they are. `AppRoleAssignment.ReadWrite.All` only where the application is to get a permission of its own; and no
 * `offline_access`, since the hub has no business with an administrator's account after the steps.
 */
const administratorScopes = [
  'Application.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Organization.Read.All',
  'User.Read',
];

const scopeOfAssigning = 'AppRoleAssignment.ReadWrite.All';

/** The name of an administrator's sign-in among the subjects. */
export const administratorPurpose = 'registration';

/** The registered loopback address of the public client. Its port is free (RFC 8252 §7.3), its name is not. */
const loopbackHost = 'localhost';

/** Microsoft's own public client for such scripts; it is known in every tenant, so nothing has to be registered first. */
export function administratorClient(cloud: CloudConfig, tenant: string): TokenClient {
  const { authorizationEndpoint, tokenEndpoint } = entraEndpoints(cloud.authority, tenant, 'v2');
  return {
    authorizationEndpoint,
    tokenEndpoint,
    clientId: wellKnownIds.graphCommandLineTools,
    credential: { kind: 'none' },
  };
}

/** @returns the scope of an administrator's sign-in, named in full as the national clouds need it */
export function administratorScope(
  cloud: CloudConfig,
  row: Pick<RegistrationRow, 'administrator_task' | 'state' | 'steps'>,
): string {
  const scopes = isAssigning(row) ? [...administratorScopes, scopeOfAssigning] : administratorScopes;
  return scopes.map((name) => `${cloud.graph}/${name}`).join(' ');
}

/** The application is to get a permission of its own: as a step of its making, or later. */
function isAssigning(row: Pick<RegistrationRow, 'administrator_task' | 'state' | 'steps'>): boolean {
  if (row.state === 'ready') return row.administrator_task === 'automatic_rotation';
  const step = readSteps(row).find(({ name }) => name === 'automatic_rotation');
  return row.state !== 'undoing' && step !== undefined && step.state !== 'done';
}

/**
 * @returns where Microsoft sends the administrator's browser back to
 * @throws HubError `invalid_body` where the hub is not at `http://localhost`: the public client has no other address
 */
export function administratorRedirectUri({ publicUrl }: Pick<HubConfig, 'publicUrl'>): string {
  const address = new URL(publicUrl);
  if (address.protocol === 'http:' && address.hostname === loopbackHost) return address.href;
  const message = `Microsoft sends a browser back to http://localhost only, and this hub is at ${publicUrl}.`;
  throw new HubError('invalid_body', {
    detail: message,
    remedy: 'Choose the sign-in by device code: it works in any browser.',
    fields: [{ path: 'administratorSignIn', message: `${message} Choose the device code.` }],
  });
}
