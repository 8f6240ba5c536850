import { parseConnectionString } from './connection-string.ts';
import { EnvironmentAddressError } from './environment-address-error.ts';
import { describeRegion, type EnvironmentRegion } from './environment-regions.ts';
import { findMisplacedAddress } from './misplaced-addresses.ts';
import { type NationalCloudName, nationalClouds } from './national-clouds.ts';

/** Where a Dynamics 365 environment is. */
export interface EnvironmentAddress {
  /** The environment itself, and the resource that tokens are for: `https://contoso.crm4.dynamics.com`. */
  readonly origin: string;
  /** Where the Web API answers: `https://contoso.api.crm4.dynamics.com`. The origin itself for a local cloud. */
  readonly webApiOrigin: string;
  /** The organization's URL name: `contoso`. */
  readonly organization: string;
  readonly region: EnvironmentRegion;
  readonly cloud: NationalCloudName | 'local';
}

const example = 'https://contoso.crm4.dynamics.com';
const exampleRemedy = `Paste the address of your environment, such as ${example}.`;

/** The longest URL that the Web API takes; a longer text is no address. */
const maximumInputLength = 32_768;

/**
 * Finds the environment in whatever people paste: the app's address, the Web API's, the SOAP endpoint, a settings
 * page, a connection string; with or without scheme, path, query or `.api.`; behind Defender for Cloud Apps; in any
 * case; within blanks, quotes, brackets or a sentence.
 * Plain http is raised to https, since no Dynamics 365 environment answers on http.
 *
 * @param options.localOrigins origins of a local cloud, such as `http://localhost:4483`. They are taken as they are.
 * @throws EnvironmentAddressError with a stable code, what is wrong, and what to paste instead.
 *
 * Source: Microsoft's "New datacenter regions"; "Compose HTTP requests and handle errors" (Web API URL).
 */
export function parseEnvironmentAddress(
  input: string,
  options: { localOrigins?: readonly string[] } = {},
): EnvironmentAddress {
  const text = extractAddress(input);
  const localOrigins = (options.localOrigins ?? []).map((origin) => new URL(origin).origin);
  const url = readUrl(text, localOrigins);
  if (url.username !== '' || url.password !== '') {
    throw new EnvironmentAddressError(
      'address_has_credentials',
      'The address carries a user name or password.',
      `Remove the part before the "@": a connection signs in through Microsoft Entra ID. ${exampleRemedy}`,
    );
  }
  if (localOrigins.includes(url.origin)) return describeLocalEnvironment(url);
  const hostname = url.hostname.replace(/\.$/, '').replace(sessionProxySuffix, '');
  refuseOtherThanHost(url, hostname);
  return describeEnvironment(hostname);
}

/**
 * What Microsoft Defender for Cloud Apps puts behind a host when it watches a session. Source: Microsoft's "Troubleshoot
 * access and session controls".
 */
const sessionProxySuffix = /\.(?:mcas\.ms|mcas-gov\.us|mcas-gov\.ms)$/;

/** DNS names (RFC 1035 §2.3.4). What is longer, or has other characters, may be a token or a secret. */
const hostnamePattern = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** Takes the address out of the blanks, quotes, brackets and sentence it was pasted with. */
function extractAddress(input: string): string {
  const text = input.replace(/[\u200B\u200E\u200F\u2060\uFEFF]/g, '').trim();
  if (text === '') {
    throw new EnvironmentAddressError('address_empty', 'No environment address was given.', exampleRemedy);
  }
  if (text.length > maximumInputLength) {
    throw new EnvironmentAddressError(
      'address_unreadable',
      `The text is longer than ${maximumInputLength} characters, so it is no address.`,
      exampleRemedy,
    );
  }
  const connectionString = parseConnectionString(text);
  if (connectionString) {
    if (connectionString.url !== null) return connectionString.url;
    throw new EnvironmentAddressError(
      'address_unreadable',
      'The connection string names no environment.',
      `It needs the address as its Url. ${exampleRemedy}`,
    );
  }
  // Only the host counts, so that a semicolon may end the address: what follows in a connection string is none of it.
  const inSentence = /https?:\/\/[^\s<>"'`|\\^{};]+/i.exec(text)?.[0];
  const bare = inSentence ?? text.replace(/^[\s"'`<([{«“‘]+/, '');
  // The look-behind keeps a long run of such characters from being scanned once from each of them.
  return bare.replace(/(?<![\s"'`>)\]}»”’.,;:!?])[\s"'`>)\]}»”’.,;:!?]+$/, '');
}

function readUrl(text: string, localOrigins: readonly string[]): URL {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new EnvironmentAddressError(
      'address_scheme_unsupported',
      'An address that begins with something else than "https:" is no environment\'s address.',
      exampleRemedy,
    );
  }
  const withoutScheme = text.replace(/^(?:https?:)?\/\//i, '');
  // An e-mail address reads as user name and host; say that it is no address rather than that it has a password.
  const isEmailAddress = scheme === undefined && /^[^/:]+@/.test(withoutScheme);
  const candidate = `${scheme ?? schemeOf(withoutScheme, localOrigins)}://${withoutScheme}`;
  if (isEmailAddress || !URL.canParse(candidate)) {
    throw new EnvironmentAddressError('address_unreadable', 'The text is not a web address.', exampleRemedy);
  }
  return new URL(candidate);
}

/** The scheme for an address typed without one: that of the local cloud it names, else https. */
function schemeOf(withoutScheme: string, localOrigins: readonly string[]): 'http' | 'https' {
  const asHttp = `http://${withoutScheme}`;
  return URL.canParse(asHttp) && localOrigins.includes(new URL(asHttp).origin) ? 'http' : 'https';
}

function describeLocalEnvironment(url: URL): EnvironmentAddress {
  const isAddress = /^[[\d]/.test(url.hostname);
  return {
    origin: url.origin,
    webApiOrigin: url.origin,
    organization: isAddress ? url.hostname : (url.hostname.split('.')[0] ?? url.hostname),
    region: { host: url.hostname, title: 'Local cloud' },
    cloud: 'local',
  };
}

function refuseOtherThanHost(url: URL, hostname: string): void {
  // The URL standard has already turned every spelling of an IPv4 address (hexadecimal, one number) into dotted form.
  if (/^\[|^\d+\.\d+\.\d+\.\d+$/.test(hostname)) {
    throw new EnvironmentAddressError(
      'address_is_ip',
      'An environment of Dynamics 365 has a name, not a numeric address.',
      exampleRemedy,
    );
  }
  if (!hostnamePattern.test(hostname)) {
    throw new EnvironmentAddressError('address_unreadable', 'The text is not a web address.', exampleRemedy);
  }
  if (url.port !== '' && url.port !== '443') {
    throw new EnvironmentAddressError(
      'address_port_unsupported',
      `Dynamics 365 does not answer on port ${url.port}.`,
      `Leave the port out. ${exampleRemedy}`,
    );
  }
  const misplaced = findMisplacedAddress(hostname);
  if (misplaced) {
    throw new EnvironmentAddressError(
      'address_wrong_page',
      `${hostname} is ${misplaced.page}.`,
      misplaced.remedy,
    );
  }
  if (/(?:^|\.)microsoftdynamics\.de$/.test(hostname)) {
    throw new EnvironmentAddressError(
      'address_cloud_closed',
      'This address belongs to the former Microsoft Cloud Germany, which Microsoft has closed.',
      'Paste the address that the environment has now; most were moved to https://….crm16.dynamics.com or https://….crm4.dynamics.com.',
    );
  }
}

function describeEnvironment(hostname: string): EnvironmentAddress {
  for (const cloud of Object.values(nationalClouds)) {
    if (cloud.crmRegionHost.test(hostname) || cloud.crmRegionHost.test(hostname.replace(/^api\./, ''))) {
      throw new EnvironmentAddressError(
        'address_without_organization',
        `${hostname} is the address of a region, without the organization before it.`,
        exampleRemedy,
      );
    }
    const [organization, ...rest] = hostname.split('.');
    const regionHost = (rest[0] === 'api' ? rest.slice(1) : rest).join('.');
    if (organization && /^[a-z0-9][a-z0-9-]*$/.test(organization) && cloud.crmRegionHost.test(regionHost)) {
      return {
        origin: `https://${organization}.${regionHost}`,
        webApiOrigin: `https://${organization}.api.${regionHost}`,
        organization,
        region: describeRegion(regionHost),
        cloud: cloud.name,
      };
    }
  }
  throw new EnvironmentAddressError(
    'address_not_dynamics',
    `${hostname} is not the address of a Dynamics 365 environment.`,
    `Such an address ends in crm.dynamics.com, or crm and a number, or the like of a national cloud. ${exampleRemedy}`,
  );
}
