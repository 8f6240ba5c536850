import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, type Writable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { StartTimer, Timer } from '../ground/clock.ts';
import { badRequest, forbidden } from '../ground/http-status.ts';
import { isHttpStatus, UnknownStatusError } from '../outbound/describe-network-error.ts';
import { StalledCallError } from './explain-upstream-error.ts';
import { type AnswerHeaders, headersForCaller } from './forward-headers.ts';
import { type KeptRefusal, keepRefusal } from './keep-refusal.ts';
import { headersOfRewritten, type LinksBack } from './lead-links-back.ts';
import { type CallBody, CallerGoneError } from './read-call-body.ts';

const firstFinalStatus = 200;
/** RFC 9110 §6.4.1. */
const withoutBody: ReadonlySet<number> = new Set([204, 304]);

/** One request to the environment, and where its answer goes. */
export interface Exchange {
  pool: Dispatcher;
  method: string;
  path: string;
  /** Names and values in turn. */
  headers: string[];
  body: CallBody;
  request: IncomingMessage;
  response: ServerResponse;
  /** Has the answer's links changed on their way; null where it passes as it is. */
  links: LinksBack | null;
  /** Headers that the answer gets besides its own, names and values in turn. */
  addedHeaders: readonly string[];
  startTimer: StartTimer;
  /** Ends the exchange when nothing has moved in either direction for so long. */
  stallMilliseconds: number;
  /** Asked of an answer that is no success: why it is kept from the caller, since the call is made again; null if not. */
  withhold: (status: number, headers: AnswerHeaders) => Withheld | null;
  /** Called once the answer's head is written: from then on the response belongs to the exchange. */
  onBegin: () => void;
}

/** An answer that the caller has not seen. */
type Withheld =
  /** Another token is to be tried. */
  | { kind: 'unauthorized' }
  /** The environment protects itself. */
  | { kind: 'later'; milliseconds: number };

export type ExchangeOutcome =
  /** The whole answer was passed on. `refusal` is the body of a 403, where it can be read. */
  | { kind: 'answered'; status: number; refusal: string | null }
  | Withheld
  /** No answer began; the caller has seen nothing. */
  | { kind: 'failed'; error: Error }
  /** The caller went away, or the answer broke off and the caller's connection with it. */
  | { kind: 'broken' };

/**
 * Makes one request to the environment and streams the answer to the caller, neither faster than the other takes it.
 */
export function exchangeWithEnvironment(exchange: Exchange): Promise<ExchangeOutcome> {
  return new Promise((resolve) => {
    const { pool, method, path, headers, body } = exchange;
    // undici's own timeouts tick every half second; the handler has one clock for all stages.
    const options = { method, path, headers, body, headersTimeout: 0, bodyTimeout: 0 };
    pool.dispatch(options, new ExchangeHandler(exchange, resolve));
  });
}

/** The life of one exchange, as undici reports it. A class, since undici calls a handful of methods on one object. */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange;
  readonly #settle: (outcome: ExchangeOutcome) => void;
  readonly #stall: Timer;
  /** What the body is written to: the caller, or what changes it on its way there. */
  #sink: Writable;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #hasBegun = false;
  #withheld: Withheld | null = null;
  #isOver = false;
  #resumesOnDrain = false;
  /** Bytes of the body that are still to come; not a number when the answer does not say how long it is. */
  #remainingBytes = Number.NaN;
  #refusal: KeptRefusal | null = null;

  constructor(exchange: Exchange, settle: (outcome: ExchangeOutcome) => void) {
    this.#exchange = exchange;
    this.#settle = settle;
    this.#sink = exchange.response;
    this.#stall = exchange.startTimer(exchange.stallMilliseconds, () => this.#giveUp());
    exchange.response.once('close', () => this.#onCallerClosed());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver || this.#exchange.response.destroyed) controller.abort(new CallerGoneError());
  }

  onBodySent(): void {
    this.#stall.refresh();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    answerHeaders: AnswerHeaders,
  ): void {
    this.#stall.refresh();
    // 103 and its like are between the environment and the hub.
    if (status < firstFinalStatus) return;
    if (!isHttpStatus(status)) {
      controller.abort(new UnknownStatusError(status));
      return;
    }
    this.#status = status;
    const { response, links, addedHeaders, withhold, onBegin } = this.#exchange;
    if (status >= badRequest) {
      this.#withheld = withhold(status, answerHeaders);
      if (this.#withheld) return;
    }
    if (status === forbidden) this.#refusal = keepRefusal(answerHeaders);
    this.#remainingBytes = Number(answerHeaders['content-length']);
    let headers = headersForCaller(answerHeaders);
    if (links !== null) headers = this.#leadBack(links, headers, answerHeaders);
    if (addedHeaders.length > 0) headers.push(...addedHeaders);
    response.writeHead(status, headers);
    this.#hasBegun = true;
    onBegin();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#stall.refresh();
    if (!this.#hasBegun) return;
    this.#refusal?.add(chunk);
    this.#remainingBytes -= chunk.length;
    if (this.#remainingBytes === 0) {
      // Head, body and end leave in one write.
      this.#sink.end(chunk);
    } else if (!this.#sink.write(chunk)) {
      controller.pause();
      this.#resumeOnDrain();
    }
  }

  onResponseEnd(): void {
    if (this.#withheld) {
      this.#end(this.#withheld);
      return;
    }
    if (!this.#sink.writableEnded) this.#sink.end();
    this.#end({
      kind: 'answered',
      status: this.#status,
      refusal: this.#refusal?.read() ?? null,
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#isOver) return;
    if (!this.#hasBegun) {
      this.#end(this.#exchange.response.destroyed ? { kind: 'broken' } : { kind: 'failed', error });
      return;
    }
    this.#end({ kind: 'broken' });
    // The caller must not take half an answer for a whole one.
    this.#exchange.response.destroy();
  }

  #leadBack(links: LinksBack, headers: string[], answerHeaders: AnswerHeaders): string[] {
    const { method, response } = this.#exchange;
    const led = links.headersForCaller(headers);
    if (method === 'HEAD' || withoutBody.has(this.#status)) return led;
    const sink = links.answerBody(answerHeaders, response);
    if (sink === null) return led;
    this.#sink = sink;
    return headersOfRewritten(led);
  }

  #onCallerClosed(): void {
    if (this.#isOver) return;
    this.#end({ kind: 'broken' });
    this.#controller?.abort(new CallerGoneError());
  }

  #giveUp(): void {
    const { request, body } = this.#exchange;
    const waitsForBody = body instanceof Readable && !request.complete && !request.isPaused();
    const error = new StalledCallError(waitsForBody ? 'caller' : 'environment');
    // Without a controller the request waits for a connection; it is aborted should it get one.
    if (this.#controller) this.#controller.abort(error);
    else this.onResponseError(null, error);
  }

  #resumeOnDrain(): void {
    if (this.#resumesOnDrain) return;
    this.#resumesOnDrain = true;
    this.#sink.on('drain', () => {
      this.#stall.refresh();
      this.#controller?.resume();
    });
  }

  #end(outcome: ExchangeOutcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stall[Symbol.dispose]();
    this.#settle(outcome);
  }
}
