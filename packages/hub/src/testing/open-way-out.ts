import { loadConfig } from '../config/load-config.ts';
import { createOutboundHttp } from '../outbound/create-outbound-http.ts';
import type { OutboundHttp } from '../outbound/outbound-http.ts';

/**
 * Opens the way out of a hub that is set up by these variables, in this process, which Node has started without them.
 *
 * @param caCertificates PEM certificates of authorities trusted besides
 */
export function openWayOut(
  environment: Readonly<Record<string, string>>,
  caCertificates: readonly string[] = [],
): OutboundHttp {
  return createOutboundHttp({ config: loadConfig(environment), caCertificates });
}
