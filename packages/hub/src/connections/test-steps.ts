import type { TestStep } from '@latchkey/api';
import { z } from 'zod';
import { isAuthority } from '../config/config.ts';
import { HubError } from '../errors/hub-error.ts';
import { standingFailureSide } from '../evidence/judge-failure.ts';
import { toIso } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { ok } from '../ground/http-status.ts';
import { parseJson } from '../ground/read-json.ts';
import { OutboundError, type OutboundResponse } from '../outbound/outbound-http.ts';
import type { Proof, Provider } from '../providers/provider.ts';
import {
  describeTokenNetworkFailure,
  describeTokenRefusal,
} from '../token-endpoint/describe-token-failure.ts';
import { connectionEndpoints } from '../tokens/connection-endpoints.ts';
import { serveToken } from '../tokens/get-access-token.ts';
import {
  claimsMismatch,
  decideForState,
  failureOfState,
  isAlive,
  isRefreshable,
} from '../tokens/judge-token-state.ts';
import type { TokenState } from '../tokens/read-token-state.ts';
import { refreshTokenSet } from '../tokens/refresh-token-set.ts';
import { storedFacts } from '../tokens/store-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { callEnvironment, describeNetworkFailure, isTlsFailure } from './call-environment.ts';

/** A test under way. A step may leave to the next ones what it found. */
export interface TestRun {
  context: TokenContext;
  state: TokenState;
  /** Found by the first step, told by the second: the address answers, but not over a TLS that can be trusted. */
  tlsFailure: OutboundError | null;
  /** Which organization answered a proof. */
  organizationId: string | null;
}

/** What a passed step proves it by, or why there is nothing to do. */
type StepFinding = { detail: string; skipped?: true };

export interface StepDefinition {
  name: TestStep['name'];
  title: string;
  /** @throws HubError when the step fails */
  prove: (run: TestRun) => Promise<StepFinding>;
}

/** @returns the way from the address to the last proof, in the order in which one thing needs the other */
export function testSteps({ proofs }: Provider): StepDefinition[] {
  return [
    { name: 'address', title: 'The environment answers', prove: testAddress },
    { name: 'tls', title: 'The connection to it is encrypted', prove: testTls },
    { name: 'discovery', title: 'Microsoft Entra ID knows the tenant', prove: testDiscovery },
    { name: 'token', title: 'There is an access token', prove: testToken },
    { name: 'claims', title: 'The token is for this environment', prove: testClaims },
    ...proofs.map((proof) => ({
      name: proof.name,
      title: proof.title,
      prove: (run: TestRun) => testProof(run, proof),
    })),
  ];
}

async function testAddress(run: TestRun): Promise<StepFinding> {
  const { context } = run;
  const { environment_url: environmentUrl, request_timeout_seconds: seconds } = run.state.connection;
  const { organization, region } = context.provider.parseEnvironmentUrl(context.config.cloud, environmentUrl);
  const place = `${organization}, ${region}`;
  try {
    const tenant = await context.provider.probeEnvironment(
      context,
      environmentUrl,
      seconds * millisecondsPerSecond,
    );
    return { detail: tenant === null ? place : `${place}; it belongs to the tenant ${tenant}` };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (!isTlsFailure(error.code)) throw describeNetworkFailure(error);
    run.tlsFailure = error;
    return { detail: place };
  }
}

async function testTls({ state, tlsFailure }: TestRun): Promise<StepFinding> {
  if (tlsFailure) throw describeNetworkFailure(tlsFailure);
  const { protocol, host } = new URL(state.connection.environment_url);
  if (protocol === 'http:') return { detail: 'Plain HTTP on this machine: nothing to check' };
  return { detail: `The certificate of ${host} is valid and trusted` };
}

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
});

async function testDiscovery({ context, state }: TestRun): Promise<StepFinding> {
  const { cloud } = context.config;
  const { discovery } = connectionEndpoints(cloud, state.connection);
  if (discovery === null)
    return { detail: 'The token URL was typed by hand and has no discovery', skipped: true };
  const answer = await fetchDiscovery(context, discovery);
  const found = discoverySchema.safeParse(answer.status === ok ? parseJson(answer.body) : null);
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
async function testToken(run: TestRun): Promise<StepFinding> {
  const { context, state } = run;
  const now = context.clock.now();
  const isDue = decideForState(state, now, 'due').action !== 'use';
  if (isRefreshable(state) && (isDue || standingFailureSide(state.connection) === 'token')) {
    run.state = await refreshTokenSet(context, state, 'forced');
    return { detail: `A new access token, valid until ${toIso(run.state.tokenSet.expires_at)}` };
  }
  if (!isAlive(state, now)) throw failureOfState(context.provider, state, now);
  return { detail: `The stored access token is valid until ${toIso(state.tokenSet.expires_at)}` };
}

async function testClaims({ context, state }: TestRun): Promise<StepFinding> {
  const mismatch = claimsMismatch(context.provider, state);
  if (mismatch) throw mismatch;
  const facts = storedFacts(state);
  const scopes = facts?.scopes.join(' ') || 'no delegated permission';
  return { detail: `${facts?.audience}, ${facts?.user ?? `application ${facts?.clientId}`}, ${scopes}` };
}

async function testProof(run: TestRun, proof: Proof): Promise<StepFinding> {
  const { context, state } = run;
  const token = await serveToken(context, state);
  const answer = await callEnvironment(context, state.connection.id, token, proof);
  const detail = proof.read(answer);
  run.organizationId ??= proof.organizationOf?.(answer) ?? null;
  return { detail };
}
