/**
 * The shapes of the hub's HTTP API, `/api/v1`, as JSON carries them.
 * Times are ISO 8601 strings in UTC. The hub's own schemas are checked against these types in `e2e/`.
 */

/** A connection's state is computed from what was last proven, never from what was saved. */
export type ConnectionState = 'ready' | 'limited' | 'needs_sign_in' | 'failing' | 'blocked' | 'disabled';

/** Who has to act so that a failure ends; `nobody` means that waiting is enough. */
export type WhoActs = 'user' | 'administrator' | 'developer' | 'operator' | 'nobody';

/** What the remote system said, in its own words, with the ids that its support asks for. */
export interface RemoteError {
  /** `entra`, `graph`, `dataverse`, or `network` when no answer came. */
  system: 'entra' | 'graph' | 'dataverse' | 'network';
  /** `AADSTS7000215`, `0x80072560`, `Request_ResourceNotFound`, `ECONNREFUSED`, ... */
  code: string | null;
  /** The OAuth `error` value, where there is one. */
  oauthError: string | null;
  message: string;
  httpStatus: number | null;
  traceId: string | null;
  correlationId: string | null;
  timestamp: string | null;
  /** Microsoft's look-up page for the code. */
  helpLink: string | null;
}

/** A failure as the API, a state and a test step show it: what happened, who acts, what to do. */
export interface Failure {
  /** Stable snake_case code of the hub. */
  code: string;
  title: string;
  detail: string;
  whoActs: WhoActs;
  remedy: string;
  remote: RemoteError | null;
}

/** RFC 9457 `application/problem+json`; `instance` is the request id. */
export interface Problem extends Failure {
  type: string;
  status: number;
  instance: string;
  /** Field errors of a refused body, by JSON path. */
  errors?: { path: string; message: string }[];
}

export interface Settings {
  version: string;
  /** The hub's one public address, without a trailing slash. */
  publicUrl: string;
  /** The redirect URI to register with Microsoft. */
  redirectUri: string;
  cloud: {
    name: 'global' | 'usgov' | 'usgov-dod' | 'china' | 'local';
    title: string;
    /** Origin of Entra ID. */
    authority: string;
    /** Origin of Microsoft Graph. */
    graph: string;
    /** Origins of environments that are accepted besides the cloud's own hosts (the local CRM). */
    localEnvironments: string[];
  };
}

export interface Session {
  authenticated: boolean;
  /** `browser` for a cookie session, `api_key` for a key. */
  kind: 'browser' | 'api_key' | null;
  expiresAt: string | null;
}

export interface ApiKey {
  id: string;
  name: string;
  /** The first characters, to recognise it by. */
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

export interface CreatedApiKey extends ApiKey {
  /** The whole key; shown this once. */
  key: string;
}

/** What a pasted environment address was understood as. */
export interface EnvironmentAddress {
  origin: string;
  organization: string;
  region: string;
  cloud: string;
}

export type SignInMethod = 'sign_in' | 'manual' | 'client_credentials';

export interface ConnectionStatus {
  state: ConnectionState;
  /** One sentence: why this state. */
  reason: string;
  whoActs: WhoActs;
  remedy: string;
  failure: Failure | null;
  lastProvenAt: string | null;
  lastRefreshedAt: string | null;
  /** When the access token will be refreshed ahead of its end. */
  nextRefreshAt: string | null;
  /** For `failing`: when the hub tries again. */
  nextTryAt: string | null;
  /** For `limited`: when the access token ends for good. */
  endsAt: string | null;
}

export interface Connection {
  id: string;
  provider: 'dynamics-365';
  /** "Microsoft Dynamics 365 CRM" unless renamed. */
  name: string;
  description: string;
  method: SignInMethod;
  environmentUrl: string;
  /** Tenant GUID once known. */
  tenantId: string | null;
  clientId: string;
  registrationId: string | null;
  /** Entra endpoints used: v1 (`resource`) or v2 (`scope`, PKCE). */
  endpointVersion: 'v1' | 'v2';
  tokenUrl: string | null;
  hasClientSecret: boolean;
  hasRefreshToken: boolean;
  /** Who signed in (UPN), or null for client credentials. */
  user: string | null;
  requestTimeoutSeconds: number;
  disabled: boolean;
  status: ConnectionStatus;
  createdAt: string;
  updatedAt: string;
}

export type CreateConnection = {
  /** Default "Microsoft Dynamics 365 CRM". */
  name?: string;
  description?: string;
  /** Whatever people paste: app URL, Web API URL, with or without scheme. */
  environmentUrl: string;
  /** 1 to 120, default 20. */
  requestTimeoutSeconds?: number;
  /** Tenant GUID or domain. Found from the environment's challenge when left out. */
  tenantId?: string;
} & (
  | {
      method: 'sign_in';
      endpointVersion?: 'v1' | 'v2';
      /** Either a registration of the hub, or an app's client id (and secret). */
      registrationId?: string;
      clientId?: string;
      clientSecret?: string;
    }
  | {
      method: 'manual';
      clientId: string;
      clientSecret?: string;
      accessToken?: string;
      refreshToken?: string;
      /** Derived from the tenant when left out; its form (v1 or v2) tells the endpoint version. */
      tokenUrl?: string;
    }
  | { method: 'client_credentials'; registrationId?: string; clientId?: string; clientSecret?: string }
);

export interface UpdateConnection {
  name?: string;
  description?: string;
  requestTimeoutSeconds?: number;
  disabled?: boolean;
  /** Replaces the stored secret; the connection stays. */
  clientSecret?: string;
}

/** A link for the person's own browser; opening it goes on to Microsoft's sign-in page. */
export interface SignInLink {
  url: string;
  expiresAt: string;
}

export type TestStepName = 'address' | 'tls' | 'discovery' | 'token' | 'claims' | 'who_am_i' | 'read';

export interface TestStep {
  name: TestStepName;
  title: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** The fact that proves it, or why it was skipped. */
  detail: string;
  durationMs: number;
  failure: Failure | null;
}

export interface ConnectionTest {
  outcome: 'passed' | 'failed';
  testedAt: string;
  steps: TestStep[];
  /** The connection's status after the test. */
  status: ConnectionStatus;
}

/** The answer of the one endpoint that exists to hand out an access token. */
export interface AccessToken {
  accessToken: string;
  tokenType: 'Bearer';
  expiresAt: string;
  /** The environment's origin, to call the Web API at. */
  environmentUrl: string;
}

/** Facts of the stored access token; never the token. */
export interface TokenFacts {
  audience: string | null;
  tenantId: string | null;
  clientId: string | null;
  user: string | null;
  objectId: string | null;
  scopes: string[];
  roles: string[];
  tokenVersion: string | null;
  issuedAt: string | null;
  expiresAt: string | null;
  refreshTokenObtainedAt: string | null;
}

export type RegistrationState = 'awaiting_sign_in' | 'running' | 'ready' | 'failed' | 'undoing' | 'undone';

export type RegistrationStepName =
  | 'sign_in'
  | 'tenant'
  | 'resource'
  | 'application'
  | 'permissions'
  | 'service_principal'
  | 'consent'
  | 'client_secret'
  | 'proof';

export interface RegistrationStep {
  name: RegistrationStepName;
  title: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'undone';
  /** The fact that proves it, e.g. the application (client) id. */
  detail: string | null;
  attempts: number;
  startedAt: string | null;
  durationMs: number | null;
  failure: Failure | null;
}

export type AdministratorSignIn =
  | ({ kind: 'browser' } & SignInLink)
  | {
      kind: 'device_code';
      userCode: string;
      verificationUri: string;
      message: string;
      expiresAt: string;
    };

export type SignInAudience =
  | 'AzureADMyOrg'
  | 'AzureADMultipleOrgs'
  | 'AzureADandPersonalMicrosoftAccount'
  | 'PersonalMicrosoftAccount';

export interface Registration {
  id: string;
  name: string;
  kind: 'created' | 'adopted';
  state: RegistrationState;
  signInAudience: SignInAudience;
  redirectUri: string;
  tenantId: string | null;
  tenantName: string | null;
  /** Application (client) id. */
  clientId: string | null;
  applicationObjectId: string | null;
  servicePrincipalId: string | null;
  /** What was asked for: today only the delegated `user_impersonation`; the API offers no application permission. */
  permissions: { api: string; value: string; type: 'delegated' | 'application' }[];
  adminConsentGranted: boolean;
  clientSecret: { keyId: string | null; hint: string | null; endsAt: string | null } | null;
  steps: RegistrationStep[];
  /** How the administrator signs in, while the state is `awaiting_sign_in`. */
  signIn: AdministratorSignIn | null;
  failure: Failure | null;
  createdAt: string;
  updatedAt: string;
}

export type CreateRegistration =
  | {
      kind: 'created';
      name: string;
      signInAudience?: SignInAudience;
      /** Default: the hub's own. */
      redirectUri?: string;
      /** Tenant GUID or domain; default `organizations`, the administrator's own. */
      tenantId?: string;
      administratorSignIn: 'browser' | 'device_code';
      /** 1 to 730, default 365. */
      secretLifetimeDays?: number;
    }
  | {
      kind: 'adopted';
      name: string;
      tenantId: string;
      clientId: string;
      clientSecret?: string;
      /** ISO 8601, as the portal shows it. */
      clientSecretEndsAt?: string;
      redirectUri?: string;
    };

export interface Page<T> {
  items: T[];
  /** Hand it back as `?cursor=`; null on the last page. */
  nextCursor: string | null;
}

/** Which page of a list. */
export interface PageRequest {
  limit?: number;
  /** The `nextCursor` of the page before. */
  cursor?: string;
}
