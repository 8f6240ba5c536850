import { type Connection, connectionSchema, type TokenFacts } from '@latchkey/api';
import type { HubConfig } from '../config/config.ts';
import { toFailure } from '../errors/hub-error.ts';
import { type ConnectionStatus, computeStatus } from '../evidence/compute-status.ts';
import { storedFailure } from '../evidence/judge-failure.ts';
import { toIso, toIsoIfUsable, unknownTime } from '../ground/clock.ts';
import { adminConsentUrl } from '../http/admin-consent.ts';
import { presentRow } from '../http/describe-damage.ts';
import type { Provider } from '../providers/provider.ts';
import { certificateFacts } from '../token-endpoint/client-certificate.ts';
import { connectionEndpoints } from '../tokens/connection-endpoints.ts';
import { nextRefreshAt } from '../tokens/judge-token-state.ts';
import { planUpkeep } from '../tokens/plan-upkeep.ts';
import type { TokenState } from '../tokens/read-token-state.ts';
import { refreshTokenEnd } from '../tokens/refresh-token-end.ts';
import { rejectedTokens } from '../tokens/rejected-tokens.ts';
import { storedFacts } from '../tokens/store-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/** @returns a connection as the API shows it: with its state, without any secret; a damaged one is `blocked` and says so */
export function presentConnection(
  { config, provider, clock }: Pick<TokenContext, 'config' | 'provider' | 'clock'>,
  state: TokenState,
): Connection {
  return presentRow({
    schema: connectionSchema,
    whole: () => ({
      ...presentSettings(state),
      tokenUrl: connectionEndpoints(config.cloud, state.connection).token,
      adminConsentUrl: consentUrl(config, provider, state),
      status: statusOf({ config, provider }, state, clock.now()),
      createdAt: toIso(state.connection.created_at),
      updatedAt: toIso(state.connection.updated_at),
    }),
    damaged: (error) => {
      const failure = toFailure(error);
      const { detail: reason, whoActs, remedy } = failure;
      return {
        ...presentSettings(state),
        tokenUrl: state.connection.token_url,
        adminConsentUrl: null,
        status: { state: 'blocked', reason, whoActs, remedy, failure, ...noTimes },
        createdAt: toIsoIfUsable(state.connection.created_at) ?? unknownTime,
        updatedAt: toIsoIfUsable(state.connection.updated_at) ?? unknownTime,
      };
    },
    neutral,
  });
}

const neutral = {
  id: '',
  provider: '',
  name: '',
  description: '',
  method: 'manual',
  environmentUrl: '',
  tenantId: null,
  clientId: '',
  registrationId: null,
  credential: 'none',
  certificate: null,
  endpointVersion: 'v2',
  tokenUrl: null,
  user: null,
  identityNotice: null,
  requestTimeoutSeconds: 0,
} as const satisfies Partial<Connection>;

const noTimes = {
  since: null,
  lastProvenAt: null,
  nextProofAt: null,
  proofOverdueSince: null,
  lastRefreshedAt: null,
  nextRefreshAt: null,
  nextTryAt: null,
  endsAt: null,
};

type Settings = Omit<Connection, 'tokenUrl' | 'adminConsentUrl' | 'status' | 'createdAt' | 'updatedAt'>;

function presentSettings(state: TokenState): Settings {
  const { connection, tokenSet } = state;
  return {
    id: connection.id,
    provider: connection.provider,
    name: connection.name,
    description: connection.description,
    method: connection.method,
    environmentUrl: connection.environment_url,
    tenantId: connection.tenant_id,
    clientId: connection.client_id,
    registrationId: connection.registration_id,
    endpointVersion: connection.endpoint_version,
    credential: state.credentialKind,
    hasOwnCredential: connection.sealed_client_secret !== null || connection.sealed_private_key !== null,
    hasClientSecret: state.credentialKind === 'secret',
    certificate: presentCertificate(connection),
    hasRefreshToken: tokenSet.sealed_refresh_token !== null,
    ...presentRefreshTokenEnd(state),
    user: connection.user_name,
    identityNotice: connection.identity_notice,
    requestTimeoutSeconds: connection.request_timeout_seconds,
    disabled: connection.disabled !== 0,
  };
}

function presentCertificate({ certificate }: TokenState['connection']): Connection['certificate'] {
  const facts = certificate === null ? null : certificateFacts(certificate);
  return facts && { thumbprint: facts.thumbprint, endsAt: toIsoIfUsable(facts.endsAt) };
}

/** @returns where an administrator consents, while consent is what the connection lacks; null otherwise */
function consentUrl(config: HubConfig, provider: Provider, { connection }: TokenState): string | null {
  const { id, tenant_id: tenantId, client_id: clientId, environment_url: environment } = connection;
  if (tenantId === null || storedFailure(connection)?.code !== 'consent_required') return null;
  const scope = `${environment}/${provider.api.permission}`;
  return adminConsentUrl(config, { tenantId, clientId, subject: `connections/${id}`, scope });
}

/** @returns a connection's state, computed from what was last proven. @param now epoch milliseconds */
export function statusOf(
  { config, provider }: Pick<TokenContext, 'config' | 'provider'>,
  state: TokenState,
  now: number,
): ConnectionStatus {
  assertTokenReadable(state);
  const { refreshAt, proveAt: nextProofAt, provenUntil } = planUpkeep(state, config.keeper.proofs, now);
  const aheadAt = nextRefreshAt(state);
  // One that nobody uses is not refreshed ahead of its end, but at the next use, proof or to keep it alive.
  const nextAt = aheadAt !== null && aheadAt <= now ? earliest(refreshAt, nextProofAt) : aheadAt;
  return computeStatus(
    {
      ...state,
      service: provider.title,
      nextRefreshAt: nextAt,
      nextProofAt,
      provenUntil,
      rejected: rejectedTokens(state),
    },
    now,
  );
}

/** @throws DamagedValueError for a token of which nobody can tell what it is for or when it ends: it is never handed out */
function assertTokenReadable(state: TokenState): void {
  storedFacts(state);
  toIso(state.tokenSet.expires_at);
}

function earliest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** @returns what the stored access token says about itself; all null without one, or when it is no JWT */
export function presentTokenFacts(state: TokenState): TokenFacts {
  const facts = storedFacts(state);
  const { expires_at: expiresAt, refresh_token_obtained_at: refreshTokenObtainedAt } = state.tokenSet;
  return {
    audience: facts?.audience ?? null,
    tenantId: facts?.tenantId ?? null,
    clientId: facts?.clientId ?? null,
    user: facts?.user ?? null,
    objectId: facts?.objectId ?? null,
    scopes: facts?.scopes ?? [],
    roles: facts?.roles ?? [],
    tokenVersion: facts?.tokenVersion ?? null,
    issuedAt: toIso(facts?.issuedAt ?? null),
    expiresAt: toIso(expiresAt),
    refreshTokenObtainedAt: toIso(refreshTokenObtainedAt),
    ...presentRefreshTokenEnd(state),
  };
}

function presentRefreshTokenEnd(
  state: TokenState,
): Pick<TokenFacts, 'refreshTokenEndsAt' | 'refreshTokenEndBasis'> {
  const end = refreshTokenEnd(state);
  const refreshTokenEndsAt = toIsoIfUsable(end?.endsAt ?? null);
  return {
    refreshTokenEndsAt,
    refreshTokenEndBasis: refreshTokenEndsAt === null ? null : (end?.basis ?? null),
  };
}
