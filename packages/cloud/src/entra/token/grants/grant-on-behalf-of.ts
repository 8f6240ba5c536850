import { aadsts } from '@latchkey/microsoft';
import { findTenant } from '../../../directory/tenants.ts';
import { millisecondsPerSecond } from '../../../ground/durations.ts';
import { type AccessTokenClaims, verifyAccessToken } from '../../../jwt/verify-access-token.ts';
import { methodsOf } from '../../claims/access-token-claims.ts';
import { authenticateClient } from '../../clients/authenticate-client.ts';
import { type Client, findClient } from '../../clients/find-client.ts';
import type { EntraContext } from '../../entra-context.ts';
import { EntraError } from '../../errors/entra-error.ts';
import { requireParameter } from '../../http/require-parameter.ts';
import { requestedScope } from '../../resources/parse-scope.ts';
import { requireHolder, requireListedResource, requireSameTenant } from '../check-grant.ts';
import { issueUserTokens, type UserTokens } from '../issue-user-tokens.ts';
import type { TokenRequest } from '../token-request.ts';

/**
 * The on-behalf-of grant: an API trades the token that a person called it with for one for another API (RFC 7523 §2.1,
 * with Microsoft's `requested_token_use`).
 *
 * @throws EntraError 90013 another use, 500133 the token ended, 50013 it is none of ours, not for this API, or no
 * person's, 700005 another tenant's; and those of the client, the person and the consent
 */
export async function grantOnBehalfOf(context: EntraContext, request: TokenRequest): Promise<UserTokens> {
  const { form, credentials, tenantScope, version } = request;
  if (requireParameter(form, 'requested_token_use') !== 'on_behalf_of') {
    throw new EntraError(aadsts.invalidUserInput, { parameter: 'requested_token_use' });
  }
  const verdict = verifyAccessToken(context, requireParameter(form, 'assertion'));
  if (!verdict.valid)
    throw new EntraError(
      verdict.reason === 'expired' ? aadsts.expiredUserAssertion : aadsts.invalidUserAssertion,
    );
  const { claims } = verdict;
  const tenant = findTenant(context.directory, claims.tid);
  if (!tenant || claims.scp === undefined) throw new EntraError(aadsts.invalidUserAssertion);
  const client = findClient(context.directory, credentials.clientId, tenant);
  const strength = authenticateClient(context, request, client.application, 'secret');
  if (!isFor(client, claims)) throw new EntraError(aadsts.invalidUserAssertion);
  requireSameTenant(tenantScope, tenant);
  const scope = requestedScope(version, form);
  if (scope === undefined)
    throw new EntraError(aadsts.missingParameter, { parameter: version === 1 ? 'resource' : 'scope' });
  const signIn = {
    sessionId: context.random.guid(),
    signedInAt: claims.iat * millisecondsPerSecond,
    methods: methodsOf(claims),
  };
  const holder = requireHolder(context, {
    clientId: client.application.appId,
    tenantId: tenant.id,
    userId: claims.oid,
    scope,
    ...signIn,
  });
  if (version === 1) requireListedResource(context, client, tenant, scope);
  const grant = {
    ...holder,
    ...signIn,
    strength,
    scope,
    platform: 'web',
    nonce: undefined,
    endsAt: null,
  } as const;
  return issueUserTokens(context, request, grant, () => {});
}

/** Whether the token was made for this API: by its GUID, `api://` and it, or an identifier URI. */
function isFor({ application }: Client, { aud }: AccessTokenClaims): boolean {
  const { appId, document } = application;
  const audience = comparable(aud);
  return [appId, `api://${appId}`, ...document.identifierUris].some((name) => comparable(name) === audience);
}

function comparable(audience: string): string {
  return audience.toLowerCase().replace(/\/$/, '');
}
