/** What the hub is told by; only `loadConfig` looks into it. */
export const environment = process.env;

/** The hub's port unless told otherwise. */
export const defaultHubPort = 4480;

/** The local cloud takes the ports after the hub's: HTTP on +1 to +4, its CONNECT proxy on +5, HTTPS on +11 to +14. */
export function localCloudPorts(hubPort: number) {
  return {
    entra: hubPort + 1,
    graph: hubPort + 2,
    crm: hubPort + 3,
    portal: hubPort + 4,
    proxy: hubPort + 5,
    entraHttps: hubPort + 11,
    graphHttps: hubPort + 12,
    crmHttps: hubPort + 13,
    portalHttps: hubPort + 14,
  };
}

/** The product's version, as `latchkey --version` prints it. */
export const cliVersion = '0.1.0';
