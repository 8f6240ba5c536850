import { aadsts, wellKnownIds } from '@latchkey/microsoft';
import type { Parameters } from '../../web/parse-form.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';

/** The scopes that belong to the sign-in itself, not to an API. */
export type SignInScope = 'openid' | 'profile' | 'email' | 'offline_access';

/** A scope of an API as it was written: `https://org.crm4.dynamics.com` + `user_impersonation`. */
export interface WrittenScope {
  /** Bare scopes such as `User.Read` mean Microsoft Graph. */
  resource: string;
  value: string;
  /** The whole text, which the answer gives back. */
  text: string;
}

export interface ScopeRequest {
  signIn: ReadonlySet<SignInScope>;
  scopes: readonly WrittenScope[];
}

export const defaultScope = '.default';

const graphPrefix = /^https:\/\/graph\.microsoft\.com\//i;

/**
 * Reads the `scope` parameter of the v2 endpoints. The resource ends at the last slash, so that a resource with a
 * trailing slash keeps it: `https://org.crm4.dynamics.com//.default`.
 *
 * @throws EntraError 70011 when a scope names nothing
 */
export function parseScope(scope: string): ScopeRequest {
  const signIn = new Set<SignInScope>();
  const scopes: WrittenScope[] = [];
  for (const text of new Set(scope.split(/\s+/).filter(Boolean))) {
    const name = text.replace(graphPrefix, '').toLowerCase();
    if (isSignInScope(name)) {
      signIn.add(name);
      continue;
    }
    const slash = text.lastIndexOf('/');
    const value = text.slice(slash + 1);
    if (value === '' || slash === 0) throw new EntraError(aadsts.invalidScope, { scope: text });
    scopes.push({ resource: slash < 0 ? wellKnownIds.microsoftGraph : text.slice(0, slash), value, text });
  }
  return { signIn, scopes };
}

/** What v1's `resource` means in the words of v2: everything the app lists there, with all of the sign-in. */
export function scopeOfResource(resource: string): string {
  return `${resource}/${defaultScope} openid profile offline_access`;
}

function isSignInScope(name: string): name is SignInScope {
  return name === 'openid' || name === 'profile' || name === 'email' || name === 'offline_access';
}

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
