import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { HubError } from '../errors/hub-error.ts';
import type { StartTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { unauthorized } from '../ground/http-status.ts';
import { type ExchangeOutcome, exchangeWithEnvironment } from './exchange-with-environment.ts';
import { explainUpstreamError } from './explain-upstream-error.ts';
import { headersForEnvironment } from './forward-headers.ts';
import type { CallLimit } from './limit-concurrent-calls.ts';
import { type CallBody, CallerGoneError, readCallBody } from './read-call-body.ts';
import { targetPath } from './target-path.ts';

/** A place among the concurrent calls becomes free within moments, unless all of them are slow. */
const retryAfterSeconds = '1';

/** What a connection lends to a call. */
export interface CallToken {
  accessToken: string;
  environmentUrl: string;
  requestTimeoutSeconds: number;
}

/** What passing a call on needs from the rest of the hub. */
export interface ProxyServices {
  /** @throws HubError when the connection has no usable token */
  getAccessToken(connectionId: string): CallToken | Promise<CallToken>;
  /** Another token instead of one that the environment refused. @throws HubError when there is none */
  healRejectedToken(connectionId: string, rejectedToken: string): Promise<CallToken>;
  /** Heals without anybody waiting for it. */
  healInBackground(connectionId: string, rejectedToken: string): void;
  pool(origin: string): Dispatcher;
  limit: CallLimit;
  /** Watches what may stand still. */
  startTimer: StartTimer;
  evidence: CallEvidence;
}

/** Told what the environment made of a call. */
export interface CallEvidence {
  /** @param refusal the body of a 403, where it can be read */
  onAnswer(connectionId: string, status: number, refusal: string | null): void;
  /** The environment refused even a token that is minutes old. */
  onFreshTokenRefused(connectionId: string): void;
}

export interface Call {
  connectionId: string;
  request: IncomingMessage;
  response: ServerResponse;
  addedHeaders: readonly string[];
  /** Takes the response away from the framework. */
  onBegin: () => void;
}

/**
 * Passes a call on to the connection's environment and its answer back, both streamed. A 401 is healed once: another
 * token is asked for, and the call is made again where its body is still there. A 403 never is: another token
 * changes nothing. Nothing else is repeated either, since the environment may have done what was asked.
 *
 * @throws HubError when no answer began: those of the token, `too_many_concurrent_calls`, `crm_unavailable`,
 *   `crm_timeout`, `crm_nonsense`, `body_too_slow`, `address_not_allowed`
 */
export async function passOnCall(services: ProxyServices, call: Call): Promise<void> {
  const { connectionId } = call;
  try {
    // Most calls find their token in memory, have no body and get a place at once: no turn of the event loop for any.
    const served = services.getAccessToken(connectionId);
    const token = served instanceof Promise ? await served : served;
    const patience = token.requestTimeoutSeconds * millisecondsPerSecond;
    const reading = readCallBody(services, call.request, patience);
    const body = reading instanceof Promise ? await reading : reading;
    const entering = services.limit.enter(connectionId, patience);
    if (entering !== true && !(await entering)) throw refuseForNow(call.response);
    try {
      await passOn(services, call, token, body);
    } finally {
      services.limit.leave(connectionId);
    }
  } catch (error) {
    if (error instanceof CallerGoneError) {
      call.onBegin();
      return;
    }
    throw error;
  } finally {
    // What the environment left of a body is read away: a caller who still writes has to get the answer.
    if (!call.request.complete) call.request.resume();
  }
}

function refuseForNow(response: ServerResponse): HubError {
  // On the raw response, whose headers the framework merges into the problem that it writes.
  response.setHeader('retry-after', retryAfterSeconds);
  return new HubError('too_many_concurrent_calls');
}

async function passOn(services: ProxyServices, call: Call, token: CallToken, body: CallBody): Promise<void> {
  const { connectionId } = call;
  const isReplayable = !(body instanceof Readable);
  const outcome = await exchange(services, call, token, body, isReplayable);
  if (outcome.kind !== 'unauthorized') {
    finish(services, call, token, outcome);
    // The body is gone, so the caller gets the 401; the next call finds another token.
    if (outcome.kind === 'answered' && outcome.status === unauthorized) {
      services.healInBackground(connectionId, token.accessToken);
    }
    return;
  }
  const healed = await services.healRejectedToken(connectionId, token.accessToken);
  const second = await exchange(services, call, healed, body, false);
  finish(services, call, healed, second);
  if (second.kind === 'answered' && second.status === unauthorized) {
    services.evidence.onFreshTokenRefused(connectionId);
  }
}

function exchange(
  services: ProxyServices,
  call: Call,
  token: CallToken,
  body: CallBody,
  withholdsUnauthorized: boolean,
): Promise<ExchangeOutcome> {
  const { request, response, addedHeaders } = call;
  return exchangeWithEnvironment({
    pool: services.pool(token.environmentUrl),
    method: request.method ?? 'GET',
    path: targetPath(request.url ?? '/'),
    headers: headersForEnvironment(request.rawHeaders, token.accessToken),
    body,
    request,
    response,
    addedHeaders,
    startTimer: services.startTimer,
    stallMilliseconds: token.requestTimeoutSeconds * millisecondsPerSecond,
    withholdsUnauthorized,
    onBegin: call.onBegin,
  });
}

function finish(services: ProxyServices, call: Call, token: CallToken, outcome: ExchangeOutcome): void {
  if (outcome.kind === 'answered') {
    services.evidence.onAnswer(call.connectionId, outcome.status, outcome.refusal);
  } else if (outcome.kind === 'failed') {
    throw explainUpstreamError(outcome.error, token.environmentUrl);
  } else {
    call.onBegin();
  }
}
