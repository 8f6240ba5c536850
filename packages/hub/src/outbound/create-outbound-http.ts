import { getCACertificates } from 'node:tls';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { Pool } from 'undici';
import type { HubConfig } from '../config/config.ts';
import { HubError } from '../errors/hub-error.ts';
import { type StartTimer, startSystemTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { isPublicAddress } from './is-public-address.ts';
import type { OutboundHttp } from './outbound-http.ts';
import { createPublicLookup, type ResolveName, refusal } from './refuse-private-lookup.ts';
import { requestWhole } from './request-whole.ts';

const defaultTimeoutMilliseconds = 20 * millisecondsPerSecond;
/** Origins with sockets kept alive; a pool that is put out finishes what it carries. */
const mostPools = 1_000;

export interface OutboundOptions {
  config: Pick<HubConfig, 'cloud' | 'allowedPrivateOrigins'>;
  /** PEM certificates of authorities trusted besides those of the system and of NODE_EXTRA_CA_CERTS. */
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
  const ca = caCertificates.length > 0 ? [...getCACertificates('default'), ...caCertificates] : undefined;
  const lookup = createPublicLookup(options.resolve);
  const closing = new Set<Promise<void>>();
  const pools = new LRUCache<string, Pool>({ max: mostPools, dispose: (pool) => retire(pool) });

  function retire(pool: Pool): void {
    const closed = pool.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  function poolOf(url: URL): Pool {
    const existing = pools.get(url.origin);
    if (existing) return existing;
    if (!configured.has(url.origin)) refusePrivateAddress(url);
    const pool = new Pool(url.origin, {
      allowH2: false,
      connect: { ca, ...(configured.has(url.origin) ? {} : { lookup }) },
    });
    pools.set(url.origin, pool);
    return pool;
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

/** Names are judged by the look-up at the time of the connection; what is no name never gets there. */
function refusePrivateAddress(url: URL): void {
  if (url.protocol !== 'https:') {
    throw new HubError('address_not_allowed', { detail: `${url.host} is to be called by https only.` });
  }
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(hostname) && !isPublicAddress(hostname)) throw refusal(hostname);
}
