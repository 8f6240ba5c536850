import { wellKnownIds } from '@latchkey/microsoft';
import { portalPaths } from '../../directory/first-party/first-party-applications.ts';
import type { User } from '../../directory/users.ts';
import { authenticateCaller } from '../../graph/access/authenticate-caller.ts';
import { PortalError } from '../http/portal-error.ts';
import type { PortalContext } from '../visit/portal-context.ts';
import { codeVerifierOf, signInAuthority } from './sign-in-request.ts';

/**
 * Redeems the portal's authorization code at Entra ID and finds out who signed in, by a Graph token that is checked
 * as Graph checks it and then forgotten.
 *
 * @throws PortalError 400 when Entra ID refuses the code
 */
export async function redeemPortalCode(
  context: PortalContext,
  { code, cookie, portalOrigin }: { code: string; cookie: string; portalOrigin: string },
): Promise<User> {
  const { addresses } = context;
  const response = await context.fetch(`${addresses.entra.http}/${signInAuthority}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: wellKnownIds.azurePortal,
      redirect_uri: portalOrigin + portalPaths.signedIn,
      code,
      code_verifier: codeVerifierOf(cookie),
    }),
  });
  const answer: unknown = await response.json();
  if (!response.ok)
    throw new PortalError(400, textOf(answer, 'error_description') ?? 'Entra ID refused the code.');
  const caller = authenticateCaller(context, `Bearer ${textOf(answer, 'access_token') ?? ''}`);
  if (caller.kind !== 'person') throw new PortalError(400, 'Only people sign in here.');
  return caller.user;
}

function textOf(answer: unknown, name: string): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const value: unknown = Reflect.get(answer, name);
  return typeof value === 'string' ? value : undefined;
}
