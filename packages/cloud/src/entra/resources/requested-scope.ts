import { aadsts } from '@latchkey/microsoft';
import type { Parameters } from '../../web/parse-form.ts';
import type { EndpointVersion } from '../errors/describe-error.ts';
import { EntraError } from '../errors/entra-error.ts';
import { parseScope, scopeOfResource } from './parse-scope.ts';

/**
 * What a token request asks for by itself, in the words of v2: v1's `resource` or v2's `scope`; undefined when it
 * leaves it to the grant.
 *
 * @throws EntraError 901002 for `resource` on v2
 */
export function requestedScope(version: EndpointVersion, form: Parameters): string | undefined {
  const resource = form.get('resource');
  if (version === 1) return resource === undefined ? undefined : scopeOfResource(resource);
  if (resource !== undefined) throw new EntraError(aadsts.resourceParameterNotSupported);
  return form.get('scope');
}

/** A request's own scopes, with the sign-in scopes that the person agreed to at the start. */
export function withSignInOf(scope: string, original: string | null): string {
  const { signIn } = parseScope(original ?? '');
  return [...new Set([...scope.split(/\s+/).filter(Boolean), ...signIn])].join(' ');
}
