import type { NationalCloudName } from '@latchkey/microsoft';
import type { CloudConfig } from '../config/config.ts';
import type { HubError, HubErrorCode } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import type { OutboundResponse } from '../outbound/outbound-http.ts';
import type { ConnectionRow } from '../store/schema.ts';
import type { ApplicationUsers } from './application-users.ts';

/** All that is one product of Microsoft's alone, so that the rest of the hub knows none. */
export interface Provider {
  /** As a connection and the API name it. */
  id: string;
  /** In sentences: "… does not accept the access token". */
  title: string;
  /** What a connection is called that nobody gave a name. */
  usualConnectionName: string;
  /** What an application has to be permitted so that it can call the product for a person. */
  api: ProviderApi;
  /** How many calls of one connection may run at the same time. */
  concurrentCalls: number;

  /**
   * Finds the environment in whatever was pasted, and makes sure that it is one of the cloud that this hub signs in to.
   *
   * @throws HubError `environment_address_invalid`, at the field `environmentUrl`
   */
  parseEnvironmentUrl(cloud: CloudConfig, input: string): ProviderEnvironment;

  /**
   * @returns the parameters that name the environment in every request to Entra ID: the resource for v1, the scope for
   *   v2. They go with a refresh as well, else the token may be for something else (AADSTS90009, AADSTS65001).
   */
  resourceParameters(
    row: Pick<ConnectionRow, 'endpoint_version' | 'environment_url' | 'method'>,
  ): Record<string, string>;

  /**
   * Tells whether an access token is one for this environment.
   *
   * @param claims null for a token that can't be read
   * @returns a sentence that says what is wrong, or null when nothing is
   */
  checkTokenClaims(claims: TokenClaims | null, expected: ExpectedClaims): string | null;

  /**
   * Asks an environment without a token.
   *
   * @returns the tenant that it belongs to, or null when it names none, or the sign-in service of another cloud
   * @throws HubError when what answers is no environment of the product, or `address_not_allowed`; OutboundError when
   *   no whole answer came
   */
  probeEnvironment(
    context: Pick<HubContext, 'config' | 'outbound'>,
    environmentUrl: string,
    timeoutMilliseconds: number,
  ): Promise<string | null>;

  /** The calls that prove a connection, in their order. */
  proofs: readonly Proof[];

  /** How an application is let in as itself; null where an environment knows no users of applications. */
  applicationUsers: ApplicationUsers | null;

  /** Turns an answer that is no success into a failure with its own words and who has to act. */
  explainRefusal(answer: OutboundResponse): HubError;

  /** @returns the failure when a 403 says that the connection as a whole is locked out; undefined otherwise */
  explainLockOut(answer: OutboundResponse): HubError | undefined;
}

/** An API as Entra ID lists it. */
export interface ProviderApi {
  /** As the portal lists it under "API permissions". */
  title: string;
  appId: string;
  /** The one delegated permission that is asked for. */
  permission: string;
  /** The failure of a tenant that does not have it. */
  absence: HubErrorCode;
}

/** Where an environment is. */
export interface ProviderEnvironment {
  /** The environment itself, and the resource that tokens are for. */
  origin: string;
  organization: string;
  /** In the product's own words. */
  region: string;
  cloud: NationalCloudName | 'local';
  /** What a connection string of the product's clients says besides the address; null when the text was none. */
  pasted: PastedSettings | null;
}

/** The settings of a pasted connection string, each null where it has none that the hub could use. */
export interface PastedSettings {
  method: 'sign_in' | 'client_credentials' | null;
  clientId: string | null;
  clientSecret: string | null;
  tenantId: string | null;
  /** What of it the hub does not use, and why; whole sentences that repeat nothing of it. */
  remarks: readonly string[];
}

/** What an access token says, as far as it has to fit. */
export interface TokenClaims {
  audience: string | null;
  tenantId: string | null;
  scopes: readonly string[];
}

export interface ExpectedClaims {
  environmentUrl: string;
  /** The tenant's GUID; a domain or null says nothing, since tokens name tenants by GUID. */
  tenantId: string | null;
  /** A person must have signed in: a token of the app itself won't do. */
  delegated: boolean;
}

/** A GET that an environment answers only to a connection that works. */
export interface Proof {
  /** As the API names the step. */
  name: 'who_am_i' | 'read';
  title: string;
  /** Path and query in the environment. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** @returns the fact that proves it; @throws HubError `crm_nonsense` */
  read(answer: OutboundResponse): string;
  /** @returns which organization answered, where the answer tells: another one than before is not what was connected */
  organizationOf?(answer: OutboundResponse): string | null;
}

/** What is handed to everything that has to know the product. */
export interface ProviderContext extends HubContext {
  provider: Provider;
}
