import {
  AuthorizationResponseError,
  allowInsecureRequests,
  type ClientAuth,
  ClientError,
  Configuration,
  type CustomFetch,
  customFetch,
  ResponseBodyError,
  type TokenEndpointResponse,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import type { AuthorityClocks } from '../ground/authority-clocks.ts';
import { badRequest, firstRedirect, ok } from '../ground/http-status.ts';
import { readAccessToken, readLifetimeSeconds } from '../ground/outside-values.ts';
import { parseJson } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import { OutboundError, type OutboundResponse } from '../outbound/outbound-http.ts';
import { type ClientCredential, clientAuthentication } from './client-credential.ts';
import {
  describeTokenNetworkFailure,
  describeTokenRefusal,
  type GrantType,
  isCredentialUnknown,
  retryAfterOf,
} from './describe-token-failure.ts';
import { withholdSentSecrets } from './withhold-sent-secrets.ts';

/** Who asks, and where. */
export interface TokenClient {
  authorizationEndpoint: string;
  tokenEndpoint: string;
  clientId: string;
  credential: ClientCredential;
  /** One that works as well for a while, where the present one was made a moment ago. */
  previousCredential?: ClientCredential;
}

/** What a token endpoint hands out, read the same from v1 (numbers as text) and v2. */
export interface TokenAnswer {
  accessToken: string;
  /** Null when the answer brings none; the stored one is kept then (RFC 6749 §6). */
  refreshToken: string | null;
  /** Null when the answer doesn't say. */
  expiresInSeconds: number | null;
  /** How far the authority's clock is ahead of the hub's, where that is known: the token's own times are by it. */
  clockSkewMilliseconds?: number;
  /** How long the refresh token lives, where the answer says so, as it seldom does. */
  refreshTokenExpiresInSeconds?: number | null;
}

/** What sending a token request takes. */
export type TokenRequestContext = Pick<HubContext, 'outbound' | 'clock' | 'authorityClocks'>;

export type TokenOutcome = { ok: true; answer: TokenAnswer } | FailedTokenRequest;

export interface FailedTokenRequest {
  ok: false;
  failure: HubError;
  /** What the server asked for. */
  retryAfterMilliseconds: number | null;
  /** Nothing was sent, since the authority is known to be away. */
  isKeptBack?: boolean;
}

/**
 * Sends one token request. The credentials go in the body, never in an address. Where Microsoft does not know the secret and
 * there is one before it, that one is tried, too: a rotated secret reaches some of its servers later than others.
 *
 * @param grant the request itself, by one of openid-client's grants
 * @returns the tokens, or the failure with its stable code; it throws only what is no failure of the request
 */
export async function requestToken(
  context: TokenRequestContext,
  client: TokenClient,
  grantType: GrantType,
  grant: (configuration: Configuration) => Promise<TokenEndpointResponse>,
): Promise<TokenOutcome> {
  const outcome = await requestOnce(context, client, grantType, grant);
  const { previousCredential: credential } = client;
  if (outcome.ok || !isCredentialUnknown(outcome.failure) || !credential) return outcome;
  const byPrevious = await requestOnce(context, { ...client, credential }, grantType, grant);
  return byPrevious.ok ? byPrevious : outcome;
}

async function requestOnce(
  context: TokenRequestContext,
  client: TokenClient,
  grantType: GrantType,
  grant: (configuration: Configuration) => Promise<TokenEndpointResponse>,
): Promise<TokenOutcome> {
  const { clock, authorityClocks } = context;
  const exchange = createOAuthExchange(context);
  const { credential, tokenEndpoint } = client;
  const { origin } = new URL(tokenEndpoint);
  try {
    // An assertion is judged by the authority's clock.
    const authorityNow = clock.now() + readSkew(authorityClocks, origin);
    const authentication = await clientAuthentication(credential, tokenEndpoint, authorityNow);
    const answer = readAnswer(await grant(configure(client, authentication, exchange)));
    const clockSkewMilliseconds = readSkew(authorityClocks, origin);
    return { ok: true, answer: { ...answer, ...(clockSkewMilliseconds !== 0 && { clockSkewMilliseconds }) } };
  } catch (error) {
    const failure = failureOf(exchange, grantType, error);
    if (failure === null) throw error;
    const retryAfterMilliseconds = exchange.answer && retryAfterOf(exchange.answer, context.clock.now());
    return { ok: false, failure, retryAfterMilliseconds };
  }
}

/** @returns openid-client's configuration without discovery: the endpoints' addresses follow from the tenant */
export function configure(
  { authorizationEndpoint, tokenEndpoint, clientId }: Omit<TokenClient, 'credential'>,
  authentication: ClientAuth,
  exchange: OAuthExchange | null,
): Configuration {
  const server = {
    // Nothing is checked against it: id_tokens are not used, and the callback's `iss` is compared before.
    issuer: new URL(tokenEndpoint).origin,
    authorization_endpoint: authorizationEndpoint,
    token_endpoint: tokenEndpoint,
  };
  const configuration = new Configuration(server, clientId, undefined, authentication);
  // The way out has its own timeout, 20 s.
  configuration.timeout = undefined;
  // Only the local cloud is on http; every other http address is refused on the way out.
  if (tokenEndpoint.startsWith('http://')) allowInsecureRequests(configuration);
  if (exchange) configuration[customFetch] = exchange.fetch;
  return configuration;
}

/** @returns milliseconds by which the authority's clock is ahead; what may be nothing is taken for nothing */
function readSkew(clocks: AuthorityClocks, origin: string): number {
  const { skew, uncertainty } = clocks.skewOf(origin) ?? { skew: 0, uncertainty: 0 };
  return Math.abs(skew) > uncertainty ? skew : 0;
}

function readAnswer(response: TokenEndpointResponse): TokenAnswer {
  return {
    accessToken: response.access_token,
    refreshToken: response.refresh_token ?? null,
    expiresInSeconds: response.expires_in ?? null,
    refreshTokenExpiresInSeconds: readLifetimeSeconds(response.refresh_token_expires_in),
  };
}

/** @returns null when the error has nothing to do with the request's fate */
function failureOf(exchange: OAuthExchange, grantType: GrantType, error: unknown): HubError | null {
  // There is no assertion to present.
  if (error instanceof HubError) return error;
  if (exchange.error instanceof HubError) return exchange.error;
  if (exchange.error instanceof OutboundError) return describeTokenNetworkFailure(exchange.error);
  const isOfTheLibrary =
    error instanceof ClientError ||
    error instanceof AuthorizationResponseError ||
    error instanceof ResponseBodyError ||
    error instanceof WWWAuthenticateChallengeError;
  // Any other error on the way out is a fault of the hub's, which the library only wraps.
  if (!isOfTheLibrary || exchange.error !== null) return null;
  if (!exchange.answer) {
    const detail = `The token endpoint was not asked: ${error.message}.`;
    return new HubError('token_endpoint_nonsense', { detail, cause: error });
  }
  return withholdSentSecrets(describeTokenRefusal(grantType, exchange.answer), exchange.sent);
}

/** What came back last, as it came: openid-client keeps neither the body of a refusal nor the cause of no answer. */
export interface OAuthExchange {
  fetch: CustomFetch;
  /** The parameters of the last request. */
  sent: URLSearchParams;
  answer: OutboundResponse | null;
  error: unknown;
}

/**
 * Sends openid-client's requests through the hub's one way out, and keeps what came back so that a refusal can be
 * told in Microsoft's words.
 */
function createOAuthExchange({ outbound, clock, authorityClocks }: TokenRequestContext): OAuthExchange {
  const exchange: OAuthExchange = {
    sent: new URLSearchParams(),
    answer: null,
    error: null,
    async fetch(url, { method, headers, body }) {
      if (body instanceof URLSearchParams) exchange.sent = body;
      try {
        const sentAt = clock.now();
        const answer = await outbound.request(url, {
          method: method === 'POST' ? 'POST' : 'GET',
          headers,
          ...(body instanceof URLSearchParams && { body: body.toString() }),
        });
        const { date } = answer.headers;
        authorityClocks.observe(new URL(url).origin, { sentAt, receivedAt: clock.now(), date });
        exchange.answer = answer;
        return toResponse(answer);
      } catch (error) {
        exchange.error = error;
        throw error;
      }
    },
  };
  return exchange;
}

/**
 * Makes of an answer what openid-client takes for a good one, where it is one: of whatever success and media type, with
 * an empty refresh token, a scope as a list, without a `token_type`. The id_token goes, since the hub does not use it
 * (v1's is unsigned, and who signed in is read from the access token). All else openid-client refuses by its own rules;
 * what is told of it is read from the answer itself, whose status no Response may need to have (205 with a body, 600).
 */
function toResponse({ status, body: text }: OutboundResponse): Response {
  const body = parseJson(text);
  const isSuccess = status >= ok && status < firstRedirect;
  const taken = { status: isSuccess ? ok : badRequest };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return new Response(null, taken);
  const read = Object.entries({ token_type: 'Bearer', ...body })
    .map(([name, value]): [string, unknown] => [name, readMember(name, value)])
    .filter(([, value]) => value !== null);
  const members = Object.fromEntries(read);
  return isSuccess ? new ReadResponse(members, taken) : Response.json(members, taken);
}

/** A good answer whose JSON is read already: making text of it and reading that again takes as long as the rest. */
class ReadResponse extends Response {
  override readonly json: () => Promise<unknown>;

  constructor(members: unknown, { status }: { status: number }) {
    super(null, { status, headers: { 'content-type': 'application/json' } });
    this.json = () => Promise.resolve(members);
  }
}

/** @returns null for what is to be left out */
function readMember(name: string, value: unknown): unknown {
  switch (name) {
    case 'id_token':
      return null;
    case 'access_token':
      return readAccessToken(value);
    case 'expires_in':
      return readLifetimeSeconds(value);
    case 'refresh_token':
      return typeof value === 'string' && value !== '' ? value : null;
    case 'scope':
      return Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : null;
    case 'token_type':
      return typeof value === 'string' && value !== '' ? value : 'Bearer';
    default:
      return value;
  }
}
