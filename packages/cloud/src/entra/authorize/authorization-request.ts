import { aadsts, wellKnownIds } from '@latchkey/microsoft';
import type { Application } from '../../directory/applications.ts';
import { preauthorizedScopes } from '../../directory/first-party/preauthorized-scopes.ts';
import { readLoginHint } from '../../directory/login-hint.ts';
import type { Parameters } from '../../web/parse-form.ts';
import { readRequestedClaims } from '../claims/requested-claims.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { requireParameter } from '../http/require-parameter.ts';
import type { ReturnAddress } from '../redirects/find-return-address.ts';
import { parseScope, scopeOfResource } from '../resources/parse-scope.ts';
import type { CodeChallenge, RequestedClaims } from '../stored/authorization-codes.ts';

type ResponseType = 'code' | 'id_token' | 'token';

export interface AuthorizationRequest extends ReturnAddress {
  /** What the answer brings: a code, an id token or both; an access token, alone or with an id token. */
  responseTypes: ReadonlySet<ResponseType>;
  /** Whether the request named the redirect URI; then the redemption has to name it too (RFC 6749 §4.1.3). */
  namesRedirectUri: boolean;
  /** In the words of v2; null when a v1 request names no resource. */
  scope: string | null;
  /** Whether `scope` has `openid`: v1 looks at nothing else of it. */
  isOpenId: boolean;
  prompts: ReadonlySet<string>;
  /** The sign-in name that it means. */
  loginHint: string | undefined;
  sessionId: string | undefined;
  domainHint: string | undefined;
  nonce: string | undefined;
  /** `client_info=1`: the answer tells who signed in. */
  wantsClientInfo: boolean;
  requestedClaims: RequestedClaims;
  challenge: CodeChallenge | undefined;
}

const knownPrompts: Readonly<Record<EndpointVersion, readonly string[]>> = {
  1: ['login', 'none', 'consent', 'select_account', 'admin_consent'],
  2: ['login', 'none', 'consent', 'select_account'],
};
/** RFC 7636 §4.2: the size of a challenge; the S256 form has always 43 characters. */
const challengeForm = /^[A-Za-z0-9._~-]{43,128}$/;
const s256Length = 43;

/**
 * Reads the rest of an authorization request; what goes wrong here goes back to the app.
 *
 * @throws EntraError 900144, 70005 response type, 700054 id tokens are off, 700051 access tokens are off, 70007 response
 * mode, 650056 v1 without a resource for an app that lists none, 901002 `resource` on v2, 70011 scope, 700023 an access token for no API, 90013 `claims`, 90023 prompt, 50147
 * no code challenge though its method, 501491 its size
 */
export function readAuthorizationRequest(
  address: ReturnAddress,
  parameters: Parameters,
): AuthorizationRequest {
  const responseTypes = readResponseTypes(address.application, requireParameter(parameters, 'response_type'));
  const mode = parameters.get('response_mode');
  if (mode !== undefined && mode !== address.responseMode)
    throw new EntraError(aadsts.unsupportedResponseMode, { responseMode: mode });
  const scope = readScope(address.version, parameters);
  if (responseTypes.has('id_token')) {
    requireParameter(parameters, 'nonce');
    if (scope !== null && !parseScope(scope).signIn.has('openid'))
      throw new EntraError(aadsts.invalidScope, { scope });
  }
  if (responseTypes.has('token')) requireApi(scope);
  const isOpenId = parameters.get('scope')?.split(' ').includes('openid') === true;
  if (scope === null && !isOpenId && !responseTypes.has('id_token')) requireAnyApi(address.application);
  const hint = parameters.get('login_hint');
  return {
    ...address,
    responseTypes,
    namesRedirectUri: parameters.has('redirect_uri'),
    scope,
    isOpenId,
    prompts: readPrompts(address.version, parameters.get('prompt')),
    loginHint: hint === undefined ? undefined : readLoginHint(hint),
    sessionId: parameters.get('sid'),
    domainHint: parameters.get('domain_hint'),
    nonce: parameters.get('nonce'),
    wantsClientInfo: parameters.get('client_info') === '1',
    requestedClaims: readRequestedClaims(parameters.get('claims')),
    challenge: readChallenge(parameters),
  };
}

/** v1 takes what the registration lists for what is meant, and gives no token for anything else. */
function requireAnyApi({ appId, displayName, document }: Application): void {
  const isMicrosofts = preauthorizedScopes(appId, wellKnownIds.microsoftGraph) !== undefined;
  if (isMicrosofts || document.requiredResourceAccess.length > 0) return;
  throw new EntraError(aadsts.misconfiguredApplication, { resource: 'AAD Graph', appId, name: displayName });
}

/**
 * The parts of `response_type` in any order (OAuth 2.0 Multiple Response Types §3). A code and an access token together
 * are in neither discovery document.
 */
function readResponseTypes({ document }: Application, responseType: string): ReadonlySet<ResponseType> {
  const types = new Set<ResponseType>();
  for (const type of responseType.split(' ').filter(Boolean)) {
    if (type !== 'code' && type !== 'id_token' && type !== 'token') {
      throw new EntraError(aadsts.unsupportedResponseType, { responseType });
    }
    types.add(type);
  }
  const isUnheardOf = types.has('code') && types.has('token');
  if (types.size === 0 || isUnheardOf) throw new EntraError(aadsts.unsupportedResponseType, { responseType });
  const { enableIdTokenIssuance, enableAccessTokenIssuance } = document.web.implicitGrantSettings;
  if (types.has('id_token') && !enableIdTokenIssuance) throw new EntraError(aadsts.idTokenIssuanceDisabled);
  if (types.has('token') && !enableAccessTokenIssuance)
    throw new EntraError(aadsts.accessTokenIssuanceDisabled);
  return types;
}

/** An access token is for an API, which v1 names by `resource` and v2 by a scope. */
function requireApi(scope: string | null): void {
  if (scope === null) throw new EntraError(aadsts.missingParameter, { parameter: 'resource' });
  if (parseScope(scope).scopes.length === 0) throw new EntraError(aadsts.scopeNamesNoResource, { scope });
}

function readScope(version: EndpointVersion, parameters: Parameters): string | null {
  const resource = parameters.get('resource');
  if (version === 1) return resource === undefined ? null : scopeOfResource(resource);
  if (resource !== undefined) throw new EntraError(aadsts.resourceParameterNotSupported);
  const scope = requireParameter(parameters, 'scope');
  parseScope(scope);
  return scope;
}

function readPrompts(version: EndpointVersion, prompt: string | undefined): ReadonlySet<string> {
  const prompts = new Set(prompt?.split(' ').filter(Boolean));
  const isKnown = [...prompts].every((name) => knownPrompts[version].includes(name));
  // `none` can't stand beside another prompt (OpenID Connect Core §3.1.2.1).
  if (!isKnown || (prompts.has('none') && prompts.size > 1)) throw new EntraError(aadsts.invalidRequest);
  return prompts;
}

function readChallenge(parameters: Parameters): CodeChallenge | undefined {
  const value = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method') ?? 'plain';
  if (value === undefined) {
    if (parameters.has('code_challenge_method')) throw new EntraError(aadsts.missingCodeChallenge);
    return undefined;
  }
  if (method !== 'S256' && method !== 'plain') {
    throw new EntraError(aadsts.invalidUserInput, { parameter: 'code_challenge_method' });
  }
  const isSized = challengeForm.test(value) && (method === 'plain' || value.length === s256Length);
  if (!isSized) throw new EntraError(aadsts.invalidCodeChallengeSize);
  return { value, method };
}
