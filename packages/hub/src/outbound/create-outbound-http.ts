import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { type Dispatcher, Pool } from 'undici';
import type { HubConfig } from '../config/config.ts';
import { HubError } from '../errors/hub-error.ts';
import { type StartTimer, startSystemTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { chooseRoute } from './choose-route.ts';
import { isPublicAddress } from './is-public-address.ts';
import { isPublicName } from './is-public-name.ts';
import { openTunnels } from './open-tunnels.ts';
import { longestAnswerHeadBytes, type OutboundHttp } from './outbound-http.ts';
import { createPublicLookup, judgeNameForProxy, type ResolveName, refusal } from './refuse-private-lookup.ts';
import { requestWhole } from './request-whole.ts';
import { createTrust, type Trust } from './trusted-authorities.ts';

const defaultTimeoutMilliseconds = 20 * millisecondsPerSecond;
/** Origins with sockets kept alive; a pool that is put out finishes what it carries. */
const mostPools = 1_000;

export interface OutboundOptions {
  config: Pick<HubConfig, 'cloud' | 'allowedPrivateOrigins' | 'proxies' | 'authorities'>;
  /** PEM certificates of authorities trusted besides those of the configuration. */
  caCertificates?: readonly string[];
  /** How names become addresses; tests give their own. */
  resolve?: ResolveName;
  /** What a request without a timeout of its own has; the whole exchange. */
  timeoutMilliseconds?: number;
  /** What ends a request whose time is over; tests give their own. */
  startTimer?: StartTimer;
}

/** @returns the hub's one way out, with the rule of `OutboundHttp` */
export function createOutboundHttp(options: OutboundOptions): OutboundHttp {
  const { config, caCertificates = [], timeoutMilliseconds = defaultTimeoutMilliseconds } = options;
  const { startTimer = startSystemTimer } = options;
  const configured = new Set(
    [
      config.cloud.authority,
      config.cloud.graph,
      ...config.cloud.localEnvironments,
      ...config.allowedPrivateOrigins,
    ].map((url) => new URL(url).origin),
  );
  let trust: Trust | undefined;
  const lookup = createPublicLookup(options.resolve);
  const closing = new Set<Promise<void>>();
  const pools = new LRUCache<string, Dispatcher>({ max: mostPools, dispose: (pool) => retire(pool) });

  function retire(pool: Dispatcher): void {
    const closed = pool.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  function poolOf(url: URL): Dispatcher {
    const existing = pools.get(url.origin);
    if (existing) return existing;
    const isTyped = !configured.has(url.origin);
    if (isTyped) refusePrivateAddress(url);
    const pool = openPool(url, isTyped);
    pools.set(url.origin, pool);
    return pool;
  }

  function openPool(url: URL, isTyped: boolean): Dispatcher {
    const { origin, hostname } = url;
    const tls = url.protocol === 'https:' ? trustOnce() : {};
    const route = chooseRoute(config, url);
    if (route.via === 'direct') {
      const connect = { ...tls, ...(isTyped && { lookup }) };
      return new Pool(origin, { allowH2: false, maxHeaderSize: longestAnswerHeadBytes, connect });
    }
    const judge = () => judgeNameForProxy({ resolve: options.resolve, startTimer }, hostname);
    const judgeTarget = isTyped ? judge : () => Promise.resolve(null);
    return openTunnels({ origin, proxy: route.proxy, tls: trustOnce(), startTimer, judgeTarget });
  }

  /** Reading the authorities takes a while, which a hub on plain http does without. */
  function trustOnce(): Trust {
    trust ??= createTrust(config.authorities, caCertificates);
    return trust;
  }

  return {
    async request(address, request) {
      const url = parseAddress(address);
      return requestWhole({ pool: poolOf(url), startTimer }, url, { timeoutMilliseconds, ...request });
    },
    // Looked up as it is first: taking an address apart costs more than the rest of this.
    pool: (origin) => pools.get(origin) ?? poolOf(parseAddress(origin)),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      await Promise.all(closing);
    },
  };
}

function parseAddress(address: string): URL {
  if (!URL.canParse(address)) {
    throw new HubError('address_not_allowed', { detail: 'The text is not an address.' });
  }
  return new URL(address);
}

/** Names are judged by their addresses as well, at the time of the connection; what is no name never gets there. */
function refusePrivateAddress(url: URL): void {
  if (url.protocol !== 'https:') {
    throw new HubError('address_not_allowed', { detail: `${url.host} is to be called by https only.` });
  }
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const isPublic = ipaddr.isValid(hostname) ? isPublicAddress(hostname) : isPublicName(hostname);
  if (!isPublic) throw refusal(hostname);
}
