import { aadsts } from '@latchkey/microsoft';
import type { Application } from '../../directory/applications.ts';
import {
  defaultRedirectUri,
  matchRedirectUri,
  type RedirectPlatform,
} from '../../directory/match-redirect-uri.ts';
import type { Directory } from '../../directory/open-directory.ts';
import type { Parameters } from '../../web/parse-form.ts';
import { findApplicationForSignIn } from '../clients/find-client.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { requireParameter } from '../http/require-parameter.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';

type ResponseMode = 'query' | 'fragment' | 'form_post';

/** Where an answer may be sent; known before anything else of the request is looked at. */
export interface ReturnAddress {
  version: EndpointVersion;
  application: Application;
  redirectUri: string;
  platform: RedirectPlatform;
  responseMode: ResponseMode;
  state: string | undefined;
}

const responseModes: readonly ResponseMode[] = ['query', 'fragment', 'form_post'];

/**
 * Finds out where the answer may go. What goes wrong here is shown on a page and the app hears nothing: an address
 * that isn't registered is never sent anything (RFC 6749 §4.1.2.1).
 *
 * @throws EntraError 900144 no client, 700016, 50194, 9002331, 9002332, 7000112 (see findApplicationForSignIn), 90027 v1
 * for personal accounts, 90102 redirect URI that is none, 50011 not registered, 500113 none registered
 */
export function findReturnAddress(
  directory: Directory,
  version: EndpointVersion,
  scope: TenantScope,
  parameters: Parameters,
): ReturnAddress {
  const application = findApplicationForSignIn(directory, requireParameter(parameters, 'client_id'), scope);
  // Personal accounts are served by v2 alone.
  if (version === 1 && scope.kind === 'consumers')
    throw new EntraError(aadsts.apiVersionNotForPersonalTenant);
  const redirectUri = parameters.get('redirect_uri') ?? defaultRedirectUri(application.document);
  if (redirectUri === undefined) throw new EntraError(aadsts.noRegisteredRedirectUri);
  if (!URL.canParse(redirectUri)) throw new EntraError(aadsts.malformedRedirectUri);
  const platform = matchRedirectUri(application.document, redirectUri);
  if (!platform) throw new EntraError(aadsts.redirectUriMismatch, { redirectUri, appId: application.appId });
  const wanted = parameters.get('response_mode');
  const asked = parameters.get('response_type')?.split(' ') ?? [];
  const answersInFragment = asked.includes('id_token') || asked.includes('token');
  // A token never stands in a query, where it would end in logs (OAuth 2.0 Multiple Response Types §5).
  const mode = responseModes.find((known) => known === wanted && !(answersInFragment && known === 'query'));
  return {
    version,
    application,
    redirectUri,
    platform,
    responseMode: mode ?? (answersInFragment ? 'fragment' : 'query'),
    state: parameters.get('state'),
  };
}
