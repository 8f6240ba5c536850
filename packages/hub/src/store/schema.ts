import type { Generated, Selectable } from 'kysely';

/**
 * The hub's tables, the same on SQLite and PostgreSQL: text ids made by us, times as epoch milliseconds,
 * booleans as 0 and 1, JSON as text. Columns named `sealed_*` hold what the vault sealed.
 */
export interface Database {
  connections: ConnectionsTable;
  token_sets: TokenSetsTable;
  sign_in_tickets: SignInTicketsTable;
  authorizations: AuthorizationsTable;
  registrations: RegistrationsTable;
  application_users: ApplicationUsersTable;
  api_keys: ApiKeysTable;
  sessions: SessionsTable;
  entry_codes: EntryCodesTable;
  vault_canaries: VaultCanariesTable;
  write_probes: WriteProbesTable;
  resealings: ResealingsTable;
  call_processes: CallProcessesTable;
  call_leases: CallLeasesTable;
  due_work: DueWorkTable;
  events: EventsTable;
  proof_budgets: ProofBudgetsTable;
  keeper_processes: KeeperProcessesTable;
  authority_outages: AuthorityOutagesTable;
}

interface ConnectionsTable {
  id: string;
  /** The provider's id: whose product the environment is. */
  provider: string;
  name: string;
  description: string;
  method: 'sign_in' | 'manual' | 'client_credentials';
  environment_url: string;
  tenant_id: string | null;
  client_id: string;
  /** The hub's registration whose client id and secret are used; then `sealed_client_secret` is null. */
  registration_id: string | null;
  sealed_client_secret: string | null;
  /** Of the connection's own certificate, PKCS #8 in PEM; never beside a client secret. */
  sealed_private_key: string | null;
  /** X.509 in PEM: the public part. */
  certificate: string | null;
  endpoint_version: 'v1' | 'v2';
  token_url: string | null;
  request_timeout_seconds: number;
  disabled: number;
  /** UPN of who signed in. */
  user_name: string | null;
  /** A sentence, when the last sign-in brought another person or tenant than the one before. */
  identity_notice: string | null;
  /** Evidence: when the environment last answered a proof well. */
  last_proven_at: number | null;
  /** The last failure as JSON (`Failure`), null once something was proven after it. */
  last_failure: string | null;
  last_failure_at: number | null;
  /** What the failure means for the state: `needs_sign_in`, `failing` or `blocked`. */
  failure_state: 'needs_sign_in' | 'failing' | 'blocked' | null;
  next_try_at: number | null;
  /** Failed tries in a row, for the backoff. */
  failed_tries: number;
  /** The state that was last recorded with an event, and since when; null before the first. Time alone may have changed it since. */
  state: 'ready' | 'limited' | 'needs_sign_in' | 'failing' | 'blocked' | 'disabled' | null;
  state_since: number | null;
  /** When the timeline last told of a proof. */
  proof_told_at: number | null;
  /** The organization that last answered a proof. */
  organization_id: string | null;
  /** When its token was last handed out, to about a quarter of an hour; null when it never was. */
  last_used_at: number | null;
  created_at: number;
  updated_at: number;
}

/** One row a connection, made with it; the token columns are null until there is a token. */
interface TokenSetsTable {
  connection_id: string;
  /** Compare-and-set: a write names the version that it read. */
  version: number;
  sealed_access_token: string | null;
  sealed_refresh_token: string | null;
  /** SHA-256 of the access token, base64url: a 401 refreshes only if this token is still the stored one. */
  access_token_digest: string | null;
  obtained_at: number | null;
  expires_at: number | null;
  refresh_token_obtained_at: number | null;
  /** Where the token endpoint told it. */
  refresh_token_expires_at: number | null;
  /** `StoredTokenFacts` of the access token as JSON. */
  facts: string | null;
  /** The lease on refreshing: who holds it, until when, and the fencing number it was given with. */
  lease_owner: string | null;
  lease_until: number;
  lease_fence: number;
  /** How often the environment has answered 401 to a token, and got another one, since it last answered well. */
  rejected_in_a_row: Generated<number>;
}

/** A link handed to a person; opening it starts the sign-in in that browser. */
interface SignInTicketsTable {
  /** SHA-256 of the ticket. */
  ticket_hash: string;
  /** What is signed in for. */
  purpose: string;
  /** Its id. */
  subject_id: string;
  /** SHA-256 of the cookie of the browser that opened the link first; only that one may open it again. */
  browser_hash: string | null;
  /** As whom: `last` as whoever signed in last, `other` as whoever is chosen; null leaves it to the subject. */
  account: 'last' | 'other' | null;
  expires_at: number;
}

/** A sign-in under way. Consumed by one statement; the row stays a while so that a second hit is recognised. */
interface AuthorizationsTable {
  /** SHA-256 of `state`. */
  state_hash: string;
  purpose: string;
  subject_id: string;
  sealed_code_verifier: string;
  /** SHA-256 of the cookie that binds it to the browser. */
  browser_hash: string;
  redirect_uri: string;
  created_at: number;
  expires_at: number;
  consumed_at: number | null;
}

interface RegistrationsTable {
  id: string;
  kind: 'created' | 'adopted';
  name: string;
  /** What the application was last seen to be called in Entra ID. */
  entra_name: string | null;
  state: 'awaiting_sign_in' | 'running' | 'ready' | 'failed' | 'undoing' | 'undone';
  sign_in_audience:
    | 'AzureADMyOrg'
    | 'AzureADMultipleOrgs'
    | 'AzureADandPersonalMicrosoftAccount'
    | 'PersonalMicrosoftAccount';
  redirect_uri: string;
  /** What was asked for: tenant GUID, domain or `organizations`; a GUID once known. */
  authority_tenant: string;
  tenant_id: string | null;
  tenant_name: string | null;
  client_id: string | null;
  application_object_id: string | null;
  service_principal_id: string | null;
  grant_id: string | null;
  admin_consent_granted: number;
  credential_kind: 'secret' | 'certificate' | 'federated';
  /** `{ issuer, subject, audience }` that the application trusts, as JSON; null where it trusts no other issuer. */
  federated_identity: string | null;
  /** The client secret; of a certificate, private key and certificate in PEM as JSON. */
  sealed_client_secret: string | null;
  /** Of a certificate, its key credential's; of a federated credential, its own. */
  client_secret_key_id: string | null;
  /** The secret's first characters; of a certificate, its thumbprint. */
  client_secret_hint: string | null;
  client_secret_ends_at: number | null;
  secret_lifetime_days: number;
  /** Why Microsoft refuses the secret, as JSON (`Failure`): one alarm for all connections. Null when it does not. */
  secret_alarm: string | null;
  secret_alarm_at: number | null;
  /** Of the days before the end at which people are warned, the least that was told, and of which end. */
  secret_warned_days: number | null;
  secret_warned_for: number | null;
  /** Whether the hub rotates the secret by itself, where it may. */
  rotation_policy: 'automatic' | 'by_hand';
  rotation_days_before_end: number;
  /** How long the secret before goes on beside the new one. */
  rotation_grace_hours: number;
  /** Where a rotation is: see `registrations/rotation/`. Null when none is under way. */
  rotation_step: 'adding' | 'proving' | 'retiring' | 'undoing' | null;
  /** What the secret that is being made is called in Entra ID, by which it is found again. */
  rotation_name: string | null;
  /** Tries in a row that came to nothing, for the backoff. */
  rotation_tries: number;
  /** Why the last one came to nothing, as JSON (`Failure`). */
  rotation_failure: string | null;
  rotation_next_try_at: number | null;
  rotated_at: number | null;
  /** Of what kind the new credential is to be; null for the present one's. */
  next_credential_kind: 'secret' | 'certificate' | 'federated' | null;
  /** The new secret that is not proven yet; of a federated credential, who is trusted. */
  sealed_next_secret: string | null;
  next_secret_key_id: string | null;
  next_secret_hint: string | null;
  next_secret_ends_at: number | null;
  /** Of what kind the credential before the present one is; null for the present one's. */
  previous_credential_kind: 'secret' | 'certificate' | 'federated' | null;
  /** The secret before the present one, which still works until it is removed. */
  sealed_previous_secret: string | null;
  previous_secret_key_id: string | null;
  /** `UnusedCredential[]` as JSON: what is to be removed from Entra ID besides what has one of the hub's names. */
  unused_credentials: string | null;
  /** By what the timeline knows who began the rotation; null for what is known no more. */
  rotation_by: string | null;
  /** Whether the application may change its own secrets; null before anybody looked. */
  may_rotate: number | null;
  /** When the registration was last held against what it needs. */
  checked_at: number | null;
  /** `RegistrationFinding[]` as JSON: what is not as it has to be. */
  check_findings: string | null;
  /** Why it could not be looked at, as JSON (`Failure`). */
  check_failure: string | null;
  next_check_at: number | null;
  /** What an administrator signs in for while the registration is ready. */
  administrator_task: 'rotate' | 'automatic_rotation' | 'repair' | 'rename' | 'clean_up' | null;
  /** By what the timeline knows who asked for it. */
  administrator_task_by: string | null;
  administrator_task_failure: string | null;
  administrator_sign_in: 'browser' | 'device_code';
  /** `{ url, expiresAt }` of the browser sign-in's link, sealed: whoever has it may start the sign-in. */
  sealed_sign_in_link: string | null;
  /** `{ userCode, verificationUri, message, intervalSeconds }` as JSON while a device code is shown. */
  device_code_display: string | null;
  sealed_device_code: string | null;
  device_code_expires_at: number | null;
  /** The administrator's Graph token, kept only while the steps run; then wiped. */
  sealed_administrator_token: string | null;
  administrator_token_expires_at: number | null;
  /** `RegistrationStep[]` as JSON. */
  steps: string;
  /** Compare-and-set of the row. */
  version: number;
  /** The process that works on it, and until when. */
  lease_owner: string | null;
  lease_until: number;
  created_at: number;
  updated_at: number;
}

/** How a connection's application is let into its environment as itself. */
interface ApplicationUsersTable {
  connection_id: string;
  state: 'awaiting_sign_in' | 'running' | 'choosing_roles' | 'ready' | 'failed' | 'undoing' | 'undone';
  /** What a person chose, ids or names, as JSON; null before. */
  wanted_roles: string | null;
  /** `EnvironmentRole[]` of the environment's own list as JSON; null before it was read. */
  available_roles: string | null;
  /** `EnvironmentRole[]` that the hub gave, or was about to give, as JSON. */
  given_roles: string;
  business_unit_id: string | null;
  user_id: string | null;
  /** 1 from before the hub makes the user, 0 when it was there. */
  made_by_hub: number | null;
  /** `{ url, expiresAt }` of the sign-in's link, sealed. */
  sealed_sign_in_link: string | null;
  /** The environment administrator's token, kept only while the steps run; then wiped. */
  sealed_administrator_token: string | null;
  administrator_token_expires_at: number | null;
  /** `StoredStep[]` as JSON. */
  steps: string;
  /** Compare-and-set of the row. */
  version: number;
  /** The process that works on it, and until when, by the database's time. */
  lease_owner: string | null;
  lease_until: number;
  created_at: number;
  updated_at: number;
}

interface ApiKeysTable {
  id: string;
  name: string;
  prefix: string;
  /** SHA-256 of the whole key. */
  key_hash: string;
  /** JSON list of what it may do; null for all, what later versions add included. */
  scopes: string | null;
  /** JSON list of the connections that it is for; null for all. */
  connection_ids: string | null;
  created_at: number;
  last_used_at: number | null;
  expires_at: number | null;
  revoked_at: number | null;
  /** The key that came in its place. */
  replaced_by: string | null;
}

interface SessionsTable {
  /** SHA-256 of the cookie's value. */
  session_hash: string;
  created_at: number;
  expires_at: number;
}

interface EntryCodesTable {
  /** SHA-256 of the one-time link's code. */
  code_hash: string;
  expires_at: number;
  used_at: number | null;
}

interface VaultCanariesTable {
  key_id: string;
  sealed_canary: string;
}

/** What the keeper has to do, and when. */
interface DueWorkTable {
  /** What is to be done; with the subject the primary key. */
  kind: string;
  subject_id: string;
  /** By the hub's clock. */
  due_at: number;
  /** Who does it now, and until when others keep away, by the database's time. */
  claim_owner: string | null;
  claimed_until: number;
}

/** How many proofs an environment has had in a minute, one row an environment. */
interface ProofBudgetsTable {
  environment_url: string;
  /** Minutes since the epoch, by the database's time. */
  minute: number;
  taken: number;
}

/** A hub process, as it last reported what its keeper does. */
interface KeeperProcessesTable {
  id: string;
  /** Machine and process id, for people. */
  name: string;
  is_on: number;
  started_at: number;
  seen_at: number;
  under_way: number;
  /** A `KindRecord` for each kind of work, as JSON. */
  kinds: string;
}

/** An authority that does not answer, one row while that lasts. */
interface AuthorityOutagesTable {
  /** Of the token endpoint. */
  origin: string;
  /** By the clock of the hub that found it. */
  away_since: number;
  /** How long nobody asks between two probes. */
  pause: number;
  /** When one process may probe next, by the database's time. */
  probe_at: number;
}

/** What an event happened to; the hub itself has the id `hub`. */
export type EventSubjectKind = 'connection' | 'registration' | 'hub';

/** What happened, for the timeline; never changed. */
interface EventsTable {
  id: string;
  subject_kind: EventSubjectKind;
  subject_id: string;
  happened_at: number;
  kind: string;
  /** One sentence. */
  summary: string;
  /** `Failure` as JSON. */
  failure: string | null;
  /** A record of names and values as JSON; never a secret. */
  facts: string;
}

/** How far a rotation of keys has come with a table that has sealed columns. */
interface ResealingsTable {
  table_name: string;
  /** The key that its values are sealed with anew. */
  key_id: string;
  /** Rows up to this key are done; rows come in the order of their keys. */
  done_up_to: string;
  resealed: number;
  /** Values that no key here opens. */
  unreadable: number;
  started_at: number;
  finished_at: number | null;
}

/** What readiness writes to. */
/** The hub processes that pass calls on. */
interface CallProcessesTable {
  id: string;
  leased_until: number;
}

/** A call at a time of a user of an environment, leased to a process. */
interface CallLeasesTable {
  /** Of the user, in the environment. */
  user_key: string;
  /** 0, 1, …, below what the environment takes at once. */
  number: number;
  owner: string;
  leased_until: number;
  /** Until when another process wants it. */
  wanted_until: number;
}

interface WriteProbesTable {
  id: string;
  written_at: number;
}

export type ConnectionRow = Selectable<ConnectionsTable>;
export type TokenSetRow = Selectable<TokenSetsTable>;
export type RegistrationRow = Selectable<RegistrationsTable>;
export type ApplicationUserRow = Selectable<ApplicationUsersTable>;
export type AuthorizationRow = Selectable<AuthorizationsTable>;
export type EventRow = Selectable<EventsTable>;
export type ResealingRow = Selectable<ResealingsTable>;
