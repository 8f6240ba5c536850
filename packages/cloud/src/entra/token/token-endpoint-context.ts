import type { Application } from '../../directory/applications.ts';
import type { StoredClientSecret } from '../../directory/client-secrets.ts';
import type { ReadMemory } from '../../directory/remember-reads.ts';
import type { EntraContext } from '../entra-context.ts';
import type { FindIssuerKeys } from '../federation/remember-issuer-keys.ts';
import type { Resource } from '../resources/find-resource.ts';

/** What the token endpoint is given beside Entra's context. */
export interface TokenEndpointContext extends EntraContext {
  appTokenSubjects: ReadMemory<AppTokenSubject>;
  findIssuerKeys: FindIssuerKeys;
}

/** An app asking for a token of its own, found in the directory together with what it asks for. */
export interface AppTokenSubject {
  application: Application;
  /** The app's service principal in the tenant, if it has one there. */
  principalId: string | undefined;
  resource: Resource;
  /** Values of the application permissions that it was given. */
  roles: readonly string[];
  /** The app's, living and ended. */
  secrets: readonly StoredClientSecret[];
}
