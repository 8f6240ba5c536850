import { nationalClouds } from '@latchkey/microsoft';
import { type CloudConfig, type HubConfig, type MetricsConfig, nationalCloudConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { isLoopback } from './is-loopback.ts';
import { readAuthorities } from './read-authorities.ts';
import { readKeeper } from './read-keeper.ts';
import { readProxies } from './read-proxies.ts';
import { readWorkloadIdentity } from './read-workload-identity.ts';
import { readWrappingKey } from './read-wrapping-key.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const defaultPort = 4480;
const highestPort = 65_535;
const bodyLimitBytes = 1024 * 1024;
/** libpq's, and the driver's for TLS without a check. */
const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
const usualEventsKeptDays = 90;
const longestEventsKeptDays = 3650;
const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/**
 * Reads the hub's configuration from the environment's variables. Empty ones count as not set.
 *
 * @param overrides what the program itself decides; it wins over the environment
 * @throws ConfigError for a variable that makes no sense
 */
export function loadConfig(environment: Environment, overrides: Partial<HubConfig> = {}): HubConfig {
  const read = (variable: string) => environment[variable]?.trim() || null;
  const port = overrides.port ?? readPort(read('PORT'));
  return {
    host: read('HOST') ?? 'localhost',
    publicUrl: readPublicUrl(read('PUBLIC_URL')) ?? `http://localhost:${port}`,
    dataFolder: read('LATCHKEY_DATA') ?? 'data',
    databaseUrl: readDatabaseUrl(read('DATABASE_URL')),
    keys: read('LATCHKEY_KEYS'),
    wrappingKey: readWrappingKey(read),
    cloud: overrides.cloud ?? readCloud(read('LATCHKEY_CLOUD') ?? 'global'),
    webFolder: null,
    allowedPrivateOrigins: readOrigins(read('LATCHKEY_ALLOWED_ORIGINS')),
    proxies: readProxies(read),
    authorities: readAuthorities(read),
    workloadIdentity: readWorkloadIdentity(read),
    keeper: readKeeper(read),
    bodyLimitBytes,
    metrics: readMetrics(read('LATCHKEY_METRICS')),
    logLevel: readLogLevel(read('LATCHKEY_LOG_LEVEL') ?? 'warn'),
    eventsKeptDays: readEventsKeptDays(read('LATCHKEY_EVENTS_DAYS')),
    ...overrides,
    port,
  };
}

function readPort(text: string | null): number {
  if (text === null) return defaultPort;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= highestPort) return port;
  throw new ConfigError('PORT', { problem: 'is no port', remedy: `Write a number up to ${highestPort}.` });
}

/** A port, for this machine alone unless a host stands before it. */
function readMetrics(text: string | null): MetricsConfig | null {
  if (text === null) return null;
  const [, host = 'localhost', digits = ''] = /^(?:\[?([^[\]/]+)\]?:)?(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== '' && port <= highestPort) return { host, port };
  throw new ConfigError('LATCHKEY_METRICS', {
    problem: 'is no port',
    remedy: 'Write a port such as 9464, or the address to listen on before it: 0.0.0.0:9464.',
  });
}

/** The hub is at the root of its origin; cookies and codes must not travel in clear, but on this machine. */
function readPublicUrl(text: string | null): string | null {
  if (text === null) return null;
  const refuse = (problem: string) =>
    new ConfigError('PUBLIC_URL', { problem, remedy: 'Write it like https://latchkey.example.com.' });
  if (!URL.canParse(text)) throw refuse('is no address');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw refuse('has to begin with https://, unless it is an address of this machine');
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw refuse('has to be an origin: no path, query or user name');
  }
  return url.origin;
}

/** The URL itself goes into no message: it carries a password. */
function readDatabaseUrl(text: string | null): string | null {
  if (text === null) return null;
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    throw new ConfigError('DATABASE_URL', {
      problem: 'is no address of a PostgreSQL database',
      remedy:
        'Write it like postgres://user:password@host:5432/latchkey, special characters percent-encoded.',
    });
  }
  const { pathname, search, hash, searchParams } = new URL(text);
  // A password with such a character ends there, and its parts would be told as a host, a port and a database.
  if (hash !== '' || pathname.includes('@') || search.includes('@')) {
    throw new ConfigError('DATABASE_URL', {
      problem: 'has a /, ? or # in its user or password, or an @ behind its host',
      remedy: 'Write them percent-encoded: %2F, %3F, %23 and %40.',
    });
  }
  const sslMode = searchParams.get('sslmode');
  if (sslMode === null || sslModes.includes(sslMode)) return text;
  throw new ConfigError('DATABASE_URL', {
    problem: 'has an sslmode that is none',
    remedy: `Write one of ${sslModes.join(', ')}.`,
  });
}

function readCloud(text: string): CloudConfig {
  for (const { name } of Object.values(nationalClouds)) if (name === text) return nationalCloudConfig(name);
  const known = Object.keys(nationalClouds).join(', ');
  throw new ConfigError('LATCHKEY_CLOUD', {
    problem: 'names no cloud of Microsoft’s',
    remedy: `Write one of ${known}.`,
  });
}

function readOrigins(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      if (/^https?:\/\//i.test(entry) && URL.canParse(entry)) return new URL(entry).origin;
      throw new ConfigError('LATCHKEY_ALLOWED_ORIGINS', {
        problem: `has an entry that is no origin: ${entry}`,
        remedy:
          'Write origins with commas between them, such as https://crm.corp.example,http://10.0.0.5:5555.',
      });
    });
}

function readLogLevel(text: string): HubConfig['logLevel'] {
  const level = logLevels.find((name) => name === text);
  if (level) return level;
  throw new ConfigError('LATCHKEY_LOG_LEVEL', {
    problem: 'is no level',
    remedy: `Write one of ${logLevels.join(', ')}.`,
  });
}

function readEventsKeptDays(text: string | null): number {
  if (text === null) return usualEventsKeptDays;
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= longestEventsKeptDays) return days;
  throw new ConfigError('LATCHKEY_EVENTS_DAYS', {
    problem: 'is no number of days',
    remedy: `Write a whole number from 1 to ${longestEventsKeptDays}; ${usualEventsKeptDays} is usual.`,
  });
}
