import type { TestStep } from '@latchkey/api';
import { z } from 'zod';
import { isAuthority } from '../config/config.ts';
import { HubError } from '../errors/hub-error.ts';
import { standingFailureSide } from '../evidence/judge-failure.ts';
import { toIso } from '../ground/to-iso.ts';
import { OutboundError, type OutboundResponse } from '../outbound/outbound-http.ts';
import { readWebApi } from '../providers/dynamics-365/call-web-api.ts';
import {
  describeCrmNetworkFailure,
  describeCrmRefusal,
  isTlsFailure,
} from '../providers/dynamics-365/describe-crm-failure.ts';
import { parseEnvironmentUrl } from '../providers/dynamics-365/parse-environment-url.ts';
import { probeEnvironment, tenantOfChallenge } from '../providers/dynamics-365/probe-environment.ts';
import {
  describeTokenNetworkFailure,
  describeTokenRefusal,
} from '../token-endpoint/describe-token-failure.ts';
import { connectionEndpoints } from '../tokens/connection-endpoints.ts';
import { serveToken } from '../tokens/get-access-token.ts';
import {
  decideForState,
  failureOfState,
  isAlive,
  isRefreshable,
  misdirectionOf,
} from '../tokens/judge-token-state.ts';
import type { TokenState } from '../tokens/read-token-state.ts';
import { refreshTokenSet } from '../tokens/refresh-token-set.ts';
import { storedFacts } from '../tokens/store-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';

const ok = 200;

/** A test under way. A step may leave to the next ones what it found. */
export interface Trial {
  context: TokenContext;
  state: TokenState;
  /** Found by the first step, told by the second: the address answers, but not over a TLS that can be trusted. */
  tlsFailure: OutboundError | null;
}

/** What a passed step proves it by, or why there is nothing to do. */
type StepFinding = { detail: string; skipped?: true };

export interface StepDefinition {
  name: TestStep['name'];
  title: string;
  /** @throws HubError when the step fails */
  run: (trial: Trial) => Promise<StepFinding>;
}

/** The way from the address to the first row, in the order in which one thing needs the other. */
export const testSteps: readonly StepDefinition[] = [
  { name: 'address', title: 'The environment answers', run: testAddress },
  { name: 'tls', title: 'The connection to it is encrypted', run: testTls },
  { name: 'discovery', title: 'Microsoft Entra ID knows the tenant', run: testDiscovery },
  { name: 'token', title: 'There is an access token', run: testToken },
  { name: 'claims', title: 'The token is for this environment', run: testClaims },
  { name: 'who_am_i', title: 'Dynamics 365 knows the account', run: testWhoAmI },
  { name: 'read', title: 'Accounts can be read', run: testRead },
];

async function testAddress(trial: Trial): Promise<StepFinding> {
  const { context } = trial;
  const { environment_url: environmentUrl, request_timeout_seconds: seconds } = trial.state.connection;
  const { organization, region } = parseEnvironmentUrl(context.config.cloud, environmentUrl);
  const place = `${organization}, ${region.title}`;
  try {
    const answer = await probeEnvironment(context, environmentUrl, seconds * 1000);
    const tenant = tenantOfChallenge(context, answer);
    if (tenant === undefined) throw describeProbeFailure(answer);
    return { detail: tenant === null ? place : `${place}; it belongs to the tenant ${tenant}` };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (!isTlsFailure(error.code)) throw describeCrmNetworkFailure(error);
    trial.tlsFailure = error;
    return { detail: place };
  }
}

/** Without a token only a 401 is the answer of a Dynamics 365 environment. */
function describeProbeFailure(answer: OutboundResponse): HubError {
  const failure = describeCrmRefusal(answer);
  if (failure.code === 'crm_unavailable') return failure;
  const detail = `The address answered with HTTP ${answer.status} and without the challenge of Dynamics 365.`;
  return new HubError('crm_nonsense', {
    detail,
    ...(failure.options.remote && { remote: failure.options.remote }),
  });
}

async function testTls({ state, tlsFailure }: Trial): Promise<StepFinding> {
  if (tlsFailure) throw describeCrmNetworkFailure(tlsFailure);
  const { protocol, host } = new URL(state.connection.environment_url);
  if (protocol === 'http:') return { detail: 'Plain HTTP on this machine: nothing to check' };
  return { detail: `The certificate of ${host} is valid and trusted` };
}

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
});

async function testDiscovery({ context, state }: Trial): Promise<StepFinding> {
  const { cloud } = context.config;
  const { discovery } = connectionEndpoints(cloud, state.connection);
  if (discovery === null)
    return { detail: 'The token URL was typed by hand and has no discovery', skipped: true };
  const answer = await fetchDiscovery(context, discovery);
  const found = discoverySchema.safeParse(answer.status === ok ? readJson(answer.body) : null);
  if (!found.success) throw describeTokenRefusal('client_credentials', answer);
  const { issuer, authorization_endpoint: authorization, token_endpoint: token } = found.data;
  const foreign = [authorization, token].find((endpoint) => !isAuthority(cloud, new URL(endpoint).origin));
  if (foreign === undefined) return { detail: `Issuer ${issuer}` };
  throw new HubError('token_endpoint_nonsense', {
    detail: `The discovery document names ${new URL(foreign).origin}, which is not ${cloud.authority}.`,
  });
}

async function fetchDiscovery(context: TokenContext, address: string): Promise<OutboundResponse> {
  try {
    return await context.outbound.request(address, {
      method: 'GET',
      headers: { accept: 'application/json' },
    });
  } catch (error) {
    if (error instanceof OutboundError) throw describeTokenNetworkFailure(error);
    throw error;
  }
}

/** A test is a person's wish: it asks Microsoft again where it has refused, and does not rest on an old token. */
async function testToken(trial: Trial): Promise<StepFinding> {
  const { context, state } = trial;
  const now = context.clock.now();
  const isDue = decideForState(state, now, 'due').action !== 'use';
  if (isRefreshable(state) && (isDue || standingFailureSide(state.connection) === 'token')) {
    trial.state = await refreshTokenSet(context, state, 'forced');
    return { detail: `A new access token, valid until ${toIso(trial.state.tokenSet.expires_at)}` };
  }
  if (!isAlive(state, now)) throw failureOfState(state, now);
  return { detail: `The stored access token is valid until ${toIso(state.tokenSet.expires_at)}` };
}

async function testClaims({ state }: Trial): Promise<StepFinding> {
  const misdirection = misdirectionOf(state);
  if (misdirection) throw misdirection;
  const facts = storedFacts(state);
  const scopes = facts?.scopes.join(' ') || 'no delegated permission';
  return { detail: `${facts?.audience}, ${facts?.user ?? `application ${facts?.clientId}`}, ${scopes}` };
}

const whoAmISchema = z.object({ UserId: z.string(), OrganizationId: z.string() });

async function testWhoAmI({ context, state }: Trial): Promise<StepFinding> {
  const token = await serveToken(context, state);
  const answer = await readWebApi(context, state.connection.id, token, '/WhoAmI');
  const { UserId: userId, OrganizationId: organizationId } = readAs(whoAmISchema, answer);
  return { detail: `User ${userId} of the organization ${organizationId}` };
}

const accountsSchema = z.object({ value: z.array(z.object({ name: z.string().nullish() })) });

async function testRead({ context, state }: Trial): Promise<StepFinding> {
  const token = await serveToken(context, state);
  const answer = await readWebApi(context, state.connection.id, token, '/accounts?$select=name&$top=1');
  const [account] = readAs(accountsSchema, answer).value;
  return {
    detail: account
      ? `The first account is “${account.name ?? 'without a name'}”`
      : 'There is no account yet',
  };
}

function readAs<T>(schema: z.ZodType<T>, answer: OutboundResponse): T {
  const read = schema.safeParse(readJson(answer.body));
  if (read.success) return read.data;
  throw new HubError('crm_nonsense', { detail: 'The answer is not that of the Web API.', cause: read.error });
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
