import type { Parameters } from '../../web/parse-form.ts';
import type { ClientCredentials } from '../clients/read-client-credentials.ts';
import type { EndpointVersion } from '../errors/describe-error.ts';
import type { IssuerKeys } from '../federation/issuer-keys.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';

/** A request to a token endpoint, read but not judged. */
export interface TokenRequest {
  version: EndpointVersion;
  /** The origin through which it came; v2 id tokens name it as issuer. */
  origin: string;
  tenantScope: TenantScope;
  credentials: ClientCredentials;
  /** The keys of the issuer that made the client's assertion, where another issuer did that its app trusts. */
  issuerKeys: IssuerKeys | undefined;
  form: Parameters;
  /** The caller's network address, for the token's `ipaddr`. */
  ipAddress: string;
  /** The `Origin` header: a page in a browser is calling. */
  browserOrigin: string | undefined;
}
