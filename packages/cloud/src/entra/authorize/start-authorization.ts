import type { Parameters } from '../../web/parse-form.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import type { Outcome } from '../http/outcome.ts';
import { refuseApp } from '../redirects/answer-app.ts';
import { findReturnAddress } from '../redirects/find-return-address.ts';
import { refuseWorkApis, resolveScope } from '../resources/resolve-scope.ts';
import { chooseAccount } from '../sign-in/choose-account.ts';
import { resolveTenant } from '../tenants/resolve-tenant.ts';
import type { AuthorizeFlow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';
import { readAuthorizationRequest } from './authorization-request.ts';
import { continueAuthorization } from './continue-authorization.ts';

/**
 * Takes a request to an authorize endpoint: checks it, then asks who signs in, or goes on with the account that is
 * meant, of those that are signed in.
 *
 * @throws EntraError for what is shown on a page (see findReturnAddress), and 90002 for an unknown tenant
 */
export function startAuthorization(
  visit: PageVisit,
  version: EndpointVersion,
  tenantSegment: string,
  parameters: Parameters,
): Outcome {
  const { context } = visit;
  const scope = resolveTenant(context.directory, tenantSegment);
  const address = findReturnAddress(context.directory, version, scope, parameters);
  const flow: AuthorizeFlow = {
    kind: 'authorize',
    version,
    tenant: tenantSegment,
    parameters: [...parameters],
  };
  try {
    const request = readAuthorizationRequest(address, parameters);
    if (scope.kind === 'tenant' && request.scope !== null) {
      resolveScope(context, { application: request.application, tenant: scope.tenant }, request.scope);
    }
    if (scope.kind === 'consumers' && request.scope !== null) {
      refuseWorkApis(context, request.application, request.scope);
    }
    const choice = chooseAccount(visit, flow, { scope, ...address }, request);
    return choice.by === 'session' ? continueAuthorization(visit, flow, choice.session) : choice.outcome;
  } catch (error) {
    if (error instanceof EntraError) return refuseApp(address, error, visit.trace);
    throw error;
  }
}
