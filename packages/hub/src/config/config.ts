import { type NationalCloudName, nationalClouds } from '@latchkey/microsoft';
import type { WorkloadIdentityConfig } from './read-workload-identity.ts';
import type { WrappingKeyConfig } from './read-wrapping-key.ts';

/** Where the hub finds Microsoft's cloud: the real one, or the local one at other addresses. */
export interface CloudConfig {
  name: NationalCloudName | 'local';
  title: string;
  /** Origin of Entra ID, e.g. `https://login.microsoftonline.com`. */
  authority: string;
  /** Origin of Microsoft Graph. */
  graph: string;
  /** Origins of environments accepted besides the cloud's own hosts: the local CRM's. */
  localEnvironments: readonly string[];
}

/** A proxy on the way out, for HTTP `CONNECT`. */
export interface OutboundProxy {
  /** Its origin, without user and password. */
  origin: string;
  /** The value of `Proxy-Authorization`, for the proxy and nobody else; null where no user was given. */
  authorization: string | null;
}

/** Where calls go straight to, past the proxy; each for one port or, with null, for all. */
export type DirectRule = { port: number | null } & (
  | { kind: 'all' }
  /** A name and what is below it; with `subdomainsOnly` not the name itself. */
  | { kind: 'name'; name: string; subdomainsOnly: boolean }
  /** Addresses in CIDR notation, for hosts that are written as addresses. */
  | { kind: 'range'; range: string }
);

export interface ProxyConfig {
  /** For https:// addresses. */
  https: OutboundProxy | null;
  /** For http:// addresses. */
  http: OutboundProxy | null;
  direct: readonly DirectRule[];
  /** Entries of NO_PROXY that mean nothing here. */
  unknownDirect: readonly string[];
}

/** Certificate authorities that calls trust besides those that Node brings. */
export interface AuthorityConfig {
  /** Certificates in PEM, of the file that `NODE_EXTRA_CA_CERTS` names. */
  extra: readonly string[];
  /** Those of the operating system's store, too. */
  system: boolean;
}

/** How often connections are proven without anybody asking. */
export interface ProofConfig {
  /** A connection in use; null for never. */
  inUseMilliseconds: number | null;
  /** One that nobody uses; null for never. */
  idleMilliseconds: number | null;
  /** The most proofs that one environment gets in a minute, of all processes on the database together. */
  perEnvironmentMinute: number;
}

/** What keeps connections working without anybody asking. */
export interface KeeperConfig {
  /** Whether this process does work that falls due; others on the same database do it otherwise. */
  isOn: boolean;
  proofs: ProofConfig;
}

/** Where metrics are served; of several workers by their first process, for all of them. */
export interface MetricsConfig {
  host: string;
  port: number;
}

/** Everything the hub is told from outside; made once at the start, never read from `process.env` later. */
export interface HubConfig {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** The hub's one public origin, without a trailing slash; redirect URIs are built from it, never from Host. */
  publicUrl: string;
  /** Folder of the SQLite file and the key file. */
  dataFolder: string;
  /** PostgreSQL, when set; else SQLite in the data folder (`:memory:` when the folder is null is not offered). */
  databaseUrl: string | null;
  /** `LATCHKEY_KEYS`: `id:base64key[,id:base64key…]`, the first seals; null: the key file in the data folder. */
  keys: string | null;
  /** What wraps the keys of the key file; null: it has them bare. */
  wrappingKey: WrappingKeyConfig | null;
  cloud: CloudConfig;
  /** Folder of the built UI, or null to serve none. */
  webFolder: string | null;
  /** Private and loopback addresses that typed addresses may still reach; the operator's choice. */
  allowedPrivateOrigins: readonly string[];
  /** What calls go through; none by default. */
  proxies: ProxyConfig;
  /** The hub's identity on the platform that it runs on; null for none. */
  workloadIdentity: WorkloadIdentityConfig | null;
  authorities: AuthorityConfig;
  keeper: KeeperConfig;
  /** Requests with larger bodies are refused with 413 (the proxy streams and has no limit). */
  bodyLimitBytes: number;
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** Where `/metrics` is served; null for nowhere. */
  metrics: MetricsConfig | null;
  /** For how many days the timelines' events are kept. */
  eventsKeptDays: number;
}

/** The product's version, as its answers and its own user agent name it. */
export const hubVersion = '0.1.0';

/** @returns the configuration of a national cloud of Microsoft's */
export function nationalCloudConfig(name: NationalCloudName): CloudConfig {
  const cloud = nationalClouds[name];
  return { name, title: cloud.title, authority: cloud.authority, graph: cloud.graph, localEnvironments: [] };
}

/** @returns whether an origin is the configured Entra ID under its present name or an older one */
export function isAuthority(cloud: CloudConfig, origin: string): boolean {
  if (origin === cloud.authority) return true;
  return cloud.name !== 'local' && nationalClouds[cloud.name].authorityAliases.includes(origin);
}
