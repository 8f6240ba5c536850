import { aadsts } from '@latchkey/microsoft';
import type { Tenant } from '../../../directory/tenants.ts';
import { accessTokenHeader, signJwt } from '../../../jwt/sign-jwt.ts';
import { appAccessTokenClaims } from '../../claims/access-token-claims.ts';
import { assignedRoles } from '../../claims/membership-claims.ts';
import { readRequestedClaims } from '../../claims/requested-claims.ts';
import { chooseTokenLife } from '../../claims/token-life.ts';
import { authenticateClient } from '../../clients/authenticate-client.ts';
import { secretsOfClient } from '../../clients/credentials-of-client.ts';
import { findClient } from '../../clients/find-client.ts';
import { EntraError } from '../../errors/entra-error.ts';
import { requireParameter } from '../../http/require-parameter.ts';
import { findResource } from '../../resources/find-resource.ts';
import type { AppTokenSubject, TokenEndpointContext, TokenRequest } from '../token-request.ts';

/** The answer to an app that asks for itself: no scope, no refresh token. */
export type AppTokens = Readonly<Record<string, string | number>>;

const defaultScopeEnd = '/.default';

/**
 * Issues a token to an app as itself (RFC 6749 §4.4). For Dynamics CRM no permission is needed: whether the app is
 * a user of the environment shows there only.
 *
 * @throws EntraError 50059 no tenant, 700016 not in the tenant, 7000216 no credential, 7000215, 7000222, 70011 scope
 * is not `{resource}/.default`, 500011 unknown API, 501051 an API that lets in only apps with a role of it, 90013
 * unreadable `claims`
 */
export async function grantClientCredentials(
  context: TokenEndpointContext,
  request: TokenRequest,
): Promise<AppTokens> {
  const { tenantScope, credentials, version } = request;
  if (tenantScope.kind !== 'tenant') throw new EntraError(aadsts.missingTenant);
  const { tenant } = tenantScope;
  const name = resourceName(request);
  const subject = context.appTokenSubjects(`${tenant.id} ${credentials.clientId} ${name}`, () =>
    findSubject(context, tenant, credentials.clientId, name),
  );
  const { application, resource, principalId, roles, secrets } = subject;
  const strength = authenticateClient(context, request, application, 'secret_for_itself', secrets);
  if (principalId === undefined) {
    throw new EntraError(aadsts.unknownClient, { appId: application.appId, tenant: tenant.displayName });
  }
  const life = chooseTokenLife(context, tenant);
  const key = context.signingKeys.current;
  const { capabilities } = readRequestedClaims(request.form.get('claims'));
  const facts = { tenant, application, resource, strength, capabilities, origin: request.origin, life };
  const claims = appAccessTokenClaims(context, facts, { principalId, roles });
  const accessToken = await signJwt(key, claims, accessTokenHeader(key, resource));
  if (version === 1) {
    return {
      token_type: 'Bearer',
      expires_in: String(life.expiresInSeconds),
      ext_expires_in: String(life.expiresInSeconds),
      expires_on: String(life.expiresOn),
      not_before: String(life.notBefore),
      resource: resource.audience,
      access_token: accessToken,
    };
  }
  return {
    token_type: 'Bearer',
    expires_in: life.expiresInSeconds,
    ext_expires_in: life.expiresInSeconds,
    access_token: accessToken,
  };
}

function findSubject(
  context: TokenEndpointContext,
  tenant: Tenant,
  clientId: string,
  name: string,
): AppTokenSubject {
  const { application, principal } = findClient(context.directory, clientId, tenant);
  const resource = findResource(context, tenant, name);
  const roles = principal
    ? assignedRoles(context.directory, { id: principal.id, kind: 'Application' }, resource.principal)
    : [];
  if (principal && roles.length === 0 && resource.principal.document.appRoleAssignmentRequired) {
    throw new EntraError(aadsts.appNotAssignedToRole, {
      appId: application.appId,
      name: application.displayName,
      resource: resource.appId,
      resourceName: resource.principal.displayName,
    });
  }
  const secrets = secretsOfClient(context.directory, { application, principal });
  return { application, principalId: principal?.id, resource, roles, secrets };
}

function resourceName({ version, form }: TokenRequest): string {
  if (version === 1) return requireParameter(form, 'resource');
  if (form.has('resource')) throw new EntraError(aadsts.resourceParameterNotSupported);
  const scope = requireParameter(form, 'scope');
  const isDefault = scope.toLowerCase().endsWith(defaultScopeEnd) && !/\s/.test(scope);
  if (!isDefault || scope.length === defaultScopeEnd.length)
    throw new EntraError(aadsts.invalidScope, { scope });
  return scope.slice(0, -defaultScopeEnd.length);
}
