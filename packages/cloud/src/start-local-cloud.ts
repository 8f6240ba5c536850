import type { RequestListener } from 'node:http';
import path from 'node:path';
import { type Clock, createMovableClock, type MovableClock, machineClock, systemClock } from './clock.ts';
import { createCloudContext, type ServicesContext } from './create-cloud-context.ts';
import { type LocalPerson, listLocalPeople } from './directory/local-people.ts';
import { seededPassword, seededUsers } from './directory/seed-contoso.ts';
import { findUserByName, revokeSignInSessions } from './directory/users.ts';
import type { TokenWish } from './entra/token/issue-access-token.ts';
import type { Faults } from './faults/create-faults.ts';
import { openConnectProxy } from './listeners/connect-proxy/open-connect-proxy.ts';
import { type Certificates, openCertificates } from './listeners/open-certificates.ts';
import { explainStateError, openDataFolder, requireSoundDatabase } from './listeners/open-data-folder.ts';
import {
  type EnvironmentPorts,
  type LocalEnvironment,
  openEnvironments,
} from './listeners/open-environments.ts';
import { type Listeners, openListeners } from './listeners/open-listeners.ts';
import { openReach } from './listeners/open-reach.ts';
import { openService, type Service, serviceNames } from './listeners/open-service.ts';
import { openWhenAsked } from './listeners/open-when-asked.ts';
import { type CloudState, createCloudState } from './seed/cloud-state.ts';
import type { Seed } from './seed/seed-schema.ts';
import type { CloudAddresses, ServiceOrigins } from './service-origins.ts';
import type { SignInLog } from './sign-in-log/create-sign-in-log.ts';

export interface LocalCloudOptions {
  /** Where the state is kept; made when missing. Without it everything is in memory and gone at the end. */
  dataFolder?: string;
  /** Those left out, and 0, take any free port. */
  ports?: Partial<LocalCloudPorts>;
  /** The time to start from; the real one when left out. */
  clock?: Clock;
  /**
   * An address to listen on instead of this machine's loopback ones; `0.0.0.0` is every one. Whoever reaches it may sign
   * in as anybody: its people and passwords are public.
   */
  host?: string;
  /** The name or address by which clients elsewhere reach it; every address that it tells has it. */
  publicHost?: string;
  /** Lets tests in other processes move the clock and cause faults, by `/_latchkey/…` on Entra ID's ports. */
  adminApi?: boolean;
  /** What it begins with: a seed, or the path of a seed file (see the README). Contoso alone when left out. */
  seed?: Seed | string;
  /** How late Graph sees new applications and service principals, as real clients meet it; 0 when left out. */
  graphReplicationDelaySeconds?: number;
  /** Names Graph's own port as `msgraph_host` in discovery documents, in place of Microsoft's host. */
  localGraphHost?: boolean;
}

export interface LocalCloudPorts {
  entra: number;
  graph: number;
  crm: number;
  portal: number;
  admin: number;
  /** The CONNECT proxy's. */
  proxy: number;
  entraHttps: number;
  graphHttps: number;
  crmHttps: number;
  portalHttps: number;
  adminHttps: number;
  /** Of the environments after the first, in the order in which they were made. */
  environments: readonly EnvironmentPorts[];
}

export interface LocalCloud {
  entra: ServiceOrigins;
  graph: ServiceOrigins;
  crm: ServiceOrigins;
  /** App registrations, for a person. */
  portal: ServiceOrigins;
  /** Azure Resource Manager, Power Platform's admin API, and the call by which command lines consent for all. */
  admin: ServiceOrigins;
  /** Every environment of Dynamics 365; the first is the one at `crm`. */
  environments: readonly LocalEnvironment[];
  /** The CONNECT proxy, for `HTTPS_PROXY`: leads Microsoft's own host names here. */
  proxy: string;
  /** PEM of the authority that signed the HTTPS listeners' certificate. */
  caCertificate: string;
  /** Its file, for `NODE_EXTRA_CA_CERTS` and the like; null in memory. */
  caCertificateFile: string | null;
  /** The cloud's time; `clock.advance(milliseconds)` moves it. */
  clock: MovableClock;
  /** What goes wrong on purpose: latency, dropped connections, throttling and the like. */
  faults: Pick<Faults, 'add' | 'list' | 'remove' | 'clear'>;
  /** The latest authorize and token requests, with their AADSTS codes and the claims of the issued tokens. */
  signIns: Pick<SignInLog, 'list' | 'clear'>;
  /** Export, reset and snapshots. */
  state: CloudState;
  /** Contoso's people and how they sign in; where the seed leaves Contoso out, `listPeople` has who is there. */
  users: Record<keyof typeof seededUsers, { userPrincipalName: string; password: string }>;
  /** Everybody who can sign in now, in the order in which they were made. */
  listPeople(): LocalPerson[];
  /**
   * An access token without a sign-in, for tests of APIs: for a person and whatever app, or for an app itself.
   *
   * @throws RangeError when a person, app, scope or role that it names does not exist
   */
  issueToken(wish: TokenWish): Promise<string>;
  /** Ends a person's sessions and refresh tokens, as an administrator's "Revoke sessions" does (AADSTS50173). */
  revokeSignIns(userPrincipalName: string): void;
  /** Closes ports and state; again is harmless. */
  close(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A running cloud with what is inside it, for the tests and benchmarks of this repository. */
export interface OpenedCloud extends LocalCloud {
  context: ServicesContext;
}

const databaseName = 'cloud.db';
const services: readonly Service[] = ['entra', 'graph', 'crm', 'portal', 'admin'];

/**
 * Starts the local Microsoft cloud: Entra ID, Microsoft Graph, the CRM, the portal and the APIs of administration, each
 * on HTTP and HTTPS, on this machine's loopback addresses. It is for development and tests: its people and passwords are public.
 *
 * @throws CloudStartError when a port is taken, the data folder can't be written, or its database is damaged
 */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const { cloud } = await start(options);
  return cloud;
}

/** The same, with what is inside. */
export async function openLocalCloud(options: LocalCloudOptions = {}): Promise<OpenedCloud> {
  const { cloud, context } = await start(options);
  return { ...cloud, context };
}

async function start(options: LocalCloudOptions): Promise<{ cloud: LocalCloud; context: ServicesContext }> {
  const { dataFolder = null, ports = {}, adminApi = false } = options;
  const clock = createMovableClock(options.clock ?? systemClock);
  const closing: (() => Promise<void>)[] = [];
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= runBackwards(closing);
    return closed;
  };
  try {
    const reach = openReach(options);
    const fromInside = (url: string) => url.replace(`//${reach.advertised}:`, `//${reach.own}:`);
    const seed = await loadSeed(options.seed);
    const { certificates, context } = await openState({ dataFolder, further: reach.further, clock, seed });
    const state = createCloudState(context, seed);
    closing.push(async () => context.directory.close());
    context.replication.delaySeconds = options.graphReplicationDelaySeconds ?? 0;
    context.addresses.localGraphHost = options.localGraphHost ?? false;
    const listeners = new Map<Service, Listeners>();
    for (const service of services) {
      const opened = await openListeners({
        service: serviceNames[service],
        ports: { http: ports[service] ?? 0, https: ports[`${service}Https`] ?? 0 },
        reach,
        certificate: certificates.server,
      });
      closing.push(() => opened.close());
      listeners.set(service, opened);
      context.addresses[service] = opened.origins;
    }
    for (const service of services) {
      const server = openWhenAsked(() =>
        openService(service, { context, state, clock, adminApi, fromInside }),
      );
      closing.push(() => server.close());
      listeners.get(service)?.serve(server.take);
    }
    const takeCrm: RequestListener = (request, response) => listeners.get('crm')?.take(request, response);
    const { environments, close: closeEnvironments } = await openEnvironments({
      context,
      ports: ports.environments ?? [],
      reach,
      certificate: certificates.server,
      take: takeCrm,
    });
    closing.push(closeEnvironments);
    const proxy = await openConnectProxy({
      port: ports.proxy ?? 0,
      reach,
      certificates,
      context,
      take: (service, request, response) => listeners.get(service)?.take(request, response),
      now: () => machineClock.now(),
    });
    closing.push(() => proxy.close());
    const cloud: LocalCloud = {
      ...context.addresses,
      environments,
      proxy: proxy.origin,
      caCertificate: certificates.authority.certificate,
      caCertificateFile: certificates.authorityFile,
      clock,
      faults: context.faults,
      signIns: context.signIns,
      state,
      users: {
        administrator: { userPrincipalName: seededUsers.administrator, password: seededPassword },
        salesperson: { userPrincipalName: seededUsers.salesperson, password: seededPassword },
        withoutLicence: { userPrincipalName: seededUsers.withoutLicence, password: seededPassword },
      },
      listPeople: () => listLocalPeople(context.directory),
      async issueToken(wish) {
        const { issueAccessToken } = await import('./entra/token/issue-access-token.ts');
        return issueAccessToken(context, wish);
      },
      revokeSignIns(userPrincipalName) {
        const user = findUserByName(context.directory, userPrincipalName);
        if (!user) throw new RangeError(`Nobody is called ${userPrincipalName}.`);
        revokeSignInSessions(context.directory, user.id);
      },
      close,
      [Symbol.asyncDispose]: close,
    };
    return { cloud, context };
  } catch (error) {
    await close();
    throw error;
  }
}

async function runBackwards(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of steps.toReversed()) await step();
}

/** Reading a seed takes libraries that most starts do without. */
async function loadSeed(source: Seed | string | undefined): Promise<Seed> {
  if (source === undefined) return {};
  const { readSeed } = await import('./seed/read-seed.ts');
  return readSeed(source);
}

/** Opens certificates and database; the addresses are filled in when the ports are open. */
async function openState({
  dataFolder,
  further,
  clock,
  seed,
}: {
  dataFolder: string | null;
  further: readonly string[];
  clock: Clock;
  seed: Seed;
}): Promise<{ certificates: Certificates; context: ServicesContext }> {
  const unknown = { http: '', https: '' };
  const addresses: CloudAddresses = {
    entra: unknown,
    graph: unknown,
    crm: unknown,
    portal: unknown,
    admin: unknown,
  };
  const now = machineClock.now();
  if (dataFolder === null) {
    const certificates = await openCertificates({ folder: null, further, now });
    return { certificates, context: await createCloudContext({ file: ':memory:', clock, addresses, seed }) };
  }
  const file = path.join(dataFolder, databaseName);
  await openDataFolder(dataFolder);
  try {
    const certificates = await openCertificates({ folder: dataFolder, further, now });
    const context = await createCloudContext({ file, clock, addresses, seed });
    try {
      requireSoundDatabase(context.directory, file);
    } catch (error) {
      context.directory.close();
      throw error;
    }
    return { certificates, context };
  } catch (error) {
    throw explainStateError(error, { folder: dataFolder, file });
  }
}
