import type { Parameters } from '../../web/parse-form.ts';
import type { ClientIdentification } from '../clients/authenticate-client.ts';
import type { EndpointVersion } from '../errors/present-error.ts';

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
