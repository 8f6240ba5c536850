import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { HubError } from '../errors/hub-error.ts';
import { endOfPause } from '../ground/bounded-times.ts';
import type { Clock, StartTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { unauthorized } from '../ground/http-status.ts';
import { readRetryAfter } from '../ground/outside-values.ts';
import { decideRetry, type RetryWish, readRetryWish, retryHeader } from './decide-retry.ts';
import { type ExchangeOutcome, exchangeWithEnvironment } from './exchange-with-environment.ts';
import { explainUpstreamError } from './explain-upstream-error.ts';
import { type AnswerHeaders, headersForEnvironment } from './forward-headers.ts';
import { type LinksBack, leadLinksBack } from './lead-links-back.ts';
import { type Admission, type CallLimit, longestLine } from './limit-concurrent-calls.ts';
import { type CallBody, CallerGoneError, readCallBody } from './read-call-body.ts';
import { targetPath } from './target-path.ts';

/** A place among the concurrent calls becomes free within moments, unless all of them are slow. */
const placeRetryMilliseconds = millisecondsPerSecond;

/** What a connection lends to a call. */
export interface CallToken {
  accessToken: string;
  environmentUrl: string;
  requestTimeoutSeconds: number;
  /** Whose calls the environment counts together. */
  user: string;
}

/** What passing a call on needs from the rest of the hub. */
export interface ProxyServices {
  clock: Clock;
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
  /** The address, without a slash at its end, that links in the answer lead to; null leaves them as they are. */
  standIn: string | null;
  /** Takes the response away from the framework. */
  onBegin: () => void;
}

/** A call on its way, with what it has been through. */
interface PassedCall {
  call: Call;
  links: LinksBack | null;
  body: CallBody;
  wish: RetryWish;
  /** How often it was made. */
  tries: number;
  /** How long the caller waits for a further try, and until when, in epoch milliseconds. */
  patienceMilliseconds: number;
  patientUntil: number;
}

/**
 * Passes a call on to the connection's environment and its answer back, both streamed. Where its body is still there, it
 * is made again after a 401, once and with another token, and as `decideRetry` says while the environment protects
 * itself. A 403 is not: another token changes nothing. Nothing else is repeated either, since the environment may have
 * done what was asked.
 *
 * @throws HubError when no answer began: those of the token, `too_many_concurrent_calls`, `crm_unavailable`,
 *   `crm_timeout`, `crm_nonsense`, `body_too_slow`, `address_not_allowed`, `request_malformed`
 */
export async function passOnCall(services: ProxyServices, call: Call): Promise<void> {
  const { connectionId, request, response } = call;
  const { limit, clock } = services;
  try {
    const wish = readRetryWish(request.headers[retryHeader]);
    if (wish === null) throw refuseRetryWish();
    // Most calls find their token in memory, have no body and get a place at once: no turn of the event loop for any.
    const served = services.getAccessToken(connectionId);
    let token = served instanceof Promise ? await served : served;
    const patienceMilliseconds = token.requestTimeoutSeconds * millisecondsPerSecond;
    const reading = readCallBody(services, request, patienceMilliseconds);
    const read = reading instanceof Promise ? await reading : reading;
    const links = call.standIn === null ? null : leadLinksBack(token.environmentUrl, call.standIn);
    const body = links === null ? read : links.body(request.headers, read);
    const passed: PassedCall = {
      call,
      links,
      body,
      wish,
      tries: 0,
      patienceMilliseconds,
      patientUntil: clock.now() + patienceMilliseconds,
    };
    for (;;) {
      const { user } = token;
      const entering = limit.enter({ user, connectionId, patienceMilliseconds, response });
      const admission = entering === 'entered' ? entering : await entering;
      if (admission !== 'entered') throw refuseForNow(admission, token);
      let againInMilliseconds: number | null;
      try {
        passed.tries += 1;
        againInMilliseconds = await passOn(services, passed, token);
      } finally {
        limit.leave(user, connectionId);
      }
      if (againInMilliseconds === null) return;
      await waitBeforeRetry(services, response, againInMilliseconds);
      token = await services.getAccessToken(connectionId);
    }
  } catch (error) {
    if (error instanceof CallerGoneError) {
      call.onBegin();
      return;
    }
    throw error;
  } finally {
    // What the environment left of a body is read away: a caller who still writes has to get the answer.
    if (!request.complete) request.resume();
  }
}

function refuseRetryWish(): HubError {
  const detail = `The header ${retryHeader} is "safe", "always" or "never".`;
  return new HubError('request_malformed', { detail });
}

function refuseForNow(admission: Exclude<Admission, 'entered'>, token: CallToken): Error {
  if (admission === 'caller_gone') return new CallerGoneError();
  const reason =
    admission === 'line_full'
      ? `${longestLine} calls of this connection wait already.`
      : `None became free within ${token.requestTimeoutSeconds} seconds.`;
  const detail = `All places for calls of this user at once are taken, over all connections and hub processes. ${reason}`;
  return new HubError('too_many_concurrent_calls', {
    detail,
    retryAfterMilliseconds: placeRetryMilliseconds,
  });
}

/** @throws CallerGoneError when the caller does not wait for it */
function waitBeforeRetry(
  { startTimer }: ProxyServices,
  response: ServerResponse,
  milliseconds: number,
): Promise<void> {
  // One who went away before is not told of again.
  if (response.destroyed) return Promise.reject(new CallerGoneError());
  return new Promise((resolve, reject) => {
    const leave = () => {
      timer[Symbol.dispose]();
      reject(new CallerGoneError());
    };
    const timer = startTimer(milliseconds, () => {
      response.off('close', leave);
      resolve();
    });
    response.once('close', leave);
  });
}

/** @returns in how many milliseconds the call is to be made again; null when it is done */
async function passOn(services: ProxyServices, passed: PassedCall, token: CallToken): Promise<number | null> {
  const { call, body } = passed;
  const { connectionId } = call;
  const first = await exchange(services, passed, token, !(body instanceof Readable));
  if (first.kind === 'later') return first.milliseconds;
  if (first.kind !== 'unauthorized') {
    finish(services, call, token, first);
    // The body is gone, so the caller gets the 401; the next call finds another token.
    if (first.kind === 'answered' && first.status === unauthorized) {
      services.healInBackground(connectionId, token.accessToken);
    }
    return null;
  }
  const healed = await services.healRejectedToken(connectionId, token.accessToken);
  const second = await exchange(services, passed, healed, false);
  if (second.kind === 'later') return second.milliseconds;
  finish(services, call, healed, second);
  if (second.kind === 'answered' && second.status === unauthorized) {
    services.evidence.onFreshTokenRefused(connectionId);
  }
  return null;
}

function exchange(
  services: ProxyServices,
  passed: PassedCall,
  token: CallToken,
  healsUnauthorized: boolean,
): Promise<ExchangeOutcome> {
  const { call, body, links } = passed;
  const { request, response, addedHeaders } = call;
  const path = targetPath(request.url ?? '/');
  const headers = headersForEnvironment(request.rawHeaders, token.accessToken);
  return exchangeWithEnvironment({
    pool: services.pool(token.environmentUrl),
    method: request.method ?? 'GET',
    path: links === null ? path : links.target(path),
    headers: links === null ? headers : links.headersForEnvironment(headers),
    body,
    request,
    response,
    addedHeaders,
    links,
    startTimer: services.startTimer,
    stallMilliseconds: token.requestTimeoutSeconds * millisecondsPerSecond,
    withhold(status, answerHeaders) {
      if (status === unauthorized) return healsUnauthorized ? { kind: 'unauthorized' } : null;
      const milliseconds = decideAgain(services, passed, { status, headers: answerHeaders });
      return milliseconds === null ? null : { kind: 'later', milliseconds };
    },
    onBegin: call.onBegin,
  });
}

function decideAgain(
  { clock }: ProxyServices,
  { call, body, wish, tries, patienceMilliseconds, patientUntil }: PassedCall,
  { status, headers }: { status: number; headers: AnswerHeaders },
): number | null {
  const now = clock.now();
  return decideRetry({
    method: call.request.method ?? 'GET',
    wish,
    isReplayable: !(body instanceof Readable),
    tries,
    status,
    retryAfterMilliseconds: readRetryAfter(headers['retry-after']?.toString(), now),
    patienceMilliseconds: endOfPause(patientUntil, now, patienceMilliseconds) - now,
  });
}

function finish(services: ProxyServices, call: Call, token: CallToken, outcome: ExchangeOutcome): void {
  if (outcome.kind === 'answered') {
    services.evidence.onAnswer(call.connectionId, outcome.status, outcome.refusal);
  } else if (outcome.kind === 'failed') {
    throw explainUpstreamError(outcome.error, token.environmentUrl);
  } else if (outcome.kind === 'broken') {
    call.onBegin();
  }
}
