import type { Application } from '../../directory/applications.ts';
import type { StoredClientSecret } from '../../directory/client-secrets.ts';
import type { ReadMemory } from '../../directory/remember-reads.ts';
import type { Parameters } from '../../web/parse-form.ts';
import type { ClientIdentification } from '../clients/authenticate-client.ts';
import type { EntraContext } from '../entra-context.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import type { FindIssuerKeys } from '../federation/remember-issuer-keys.ts';
import type { Resource } from '../resources/find-resource.ts';

/** A request to a token endpoint, read but not judged. */
export interface TokenRequest extends ClientIdentification {
  version: EndpointVersion;
  /** The origin through which it came; v2 id tokens name it as issuer. */
  origin: string;
  form: Parameters;
  /** The caller's network address, for the token's `ipaddr`. */
  ipAddress: string;
  /** The `Origin` header: a page in a browser is calling. */
  browserOrigin: string | undefined;
}

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
