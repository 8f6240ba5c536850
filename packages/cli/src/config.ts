/** What the hub is told by; only `loadConfig` looks into it. */
export const environment = process.env;

/** The hub's port unless told otherwise. */
export const defaultHubPort = 4480;

/** Environments that have fixed ports, besides the first. */
const furtherEnvironments = 10;

/**
 * The local cloud takes the ports after the hub's: HTTP on +1 to +4 and +6, its CONNECT proxy on +5, HTTPS on +11 to +14 and +16;
 * environments after the first two each from +21 on.
 */
export function localCloudPorts(hubPort: number) {
  return {
    entra: hubPort + 1,
    graph: hubPort + 2,
    crm: hubPort + 3,
    portal: hubPort + 4,
    proxy: hubPort + 5,
    admin: hubPort + 6,
    entraHttps: hubPort + 11,
    graphHttps: hubPort + 12,
    crmHttps: hubPort + 13,
    portalHttps: hubPort + 14,
    adminHttps: hubPort + 16,
    environments: Array.from({ length: furtherEnvironments }, (_, index) => ({
      http: hubPort + 21 + 2 * index,
      https: hubPort + 22 + 2 * index,
    })),
  };
}

/** The product's version, as `latchkey --version` prints it. */
export const cliVersion = '0.1.0';
