import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import { hubVersion, type OutboundProxy } from '../config/config.ts';
import type { StartTimer, Timer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { firstRedirect, ok } from '../ground/http-status.ts';
import { explainProxyError, explainProxyRefusal } from './explain-proxy.ts';
import { longestAnswerHeadBytes, OutboundError } from './outbound-http.ts';
import type { Trust } from './trusted-authorities.ts';

/** As long as undici waits for a connection; a proxy has to reach the target in that time. */
const tunnelWithinMilliseconds = 10 * millisecondsPerSecond;

/** One way to an origin, through a proxy. */
export interface TunnelOptions {
  origin: string;
  proxy: OutboundProxy;
  tls: Trust;
  startTimer: StartTimer;
  /** Asked before each tunnel. @returns why the origin must not be reached, or null */
  judgeTarget: () => Promise<Error | null>;
}

/**
 * Opens a pool of connections to an origin through tunnels of a proxy (CONNECT, RFC 9110 §9.3.6), for plain http as
 * well: so a refusal of the proxy is never taken for an answer of the origin. Requests fail with OutboundError when
 * there is no tunnel.
 */
export function openTunnels(options: TunnelOptions): Dispatcher {
  const { origin, proxy } = options;
  const tls = { ...options.tls, allowH2: false };
  return new ProxyAgent({
    uri: proxy.origin,
    ...(proxy.authorization !== null && { token: proxy.authorization }),
    headers: { 'user-agent': `latchkey/${hubVersion}` },
    proxyTunnel: true,
    allowH2: false,
    maxHeaderSize: longestAnswerHeadBytes,
    proxyTls: tls,
    requestTls: tls,
    clientFactory: (address, settings) => new Pool(address, settings).compose(tellOfProxy(options)),
  }).compose(to(origin));
}

/** Adds what callers of a pool leave out. Of a list of headers undici would keep only the last of each name. */
function to(origin: string): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (request, handler) => {
    const { headers } = request;
    return dispatch({ ...request, origin, ...(isList(headers) && { headers: pairs(headers) }) }, handler);
  };
}

function isList(headers: Dispatcher.DispatchOptions['headers']): headers is string[] {
  return Array.isArray(headers);
}

function* pairs(list: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index < list.length; index += 2) yield [list[index] ?? '', list[index + 1] ?? ''];
}

/** Requests of ProxyAgent to the proxy itself, which are CONNECT and nothing else. */
function tellOfProxy(options: TunnelOptions): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (request, handler) => {
    const watched = new TunnelHandler(options, request.path, handler);
    const ask = async () => {
      const refusal = await options.judgeTarget();
      if (refusal) watched.fail(noController, refusal);
      else dispatch(request, watched);
    };
    void ask();
    return true;
  };
}

/** Of a request that never begins: there is nothing to be controlled. */
const noController: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

/** Says of a tunnel that did not come to be why, in terms of the proxy. A class, as undici wants it. */
class TunnelHandler implements Dispatcher.DispatchHandler {
  readonly #options: TunnelOptions;
  readonly #target: string;
  readonly #next: Dispatcher.DispatchHandler;
  #timer: Timer | null = null;

  constructor(options: TunnelOptions, target: string, next: Dispatcher.DispatchHandler) {
    this.#options = options;
    this.#target = target;
    this.#next = next;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    const { startTimer, proxy } = this.#options;
    const slow = Object.assign(new Error('No answer to CONNECT.'), { code: 'ETIMEDOUT' });
    this.#timer = startTimer(tunnelWithinMilliseconds, () =>
      controller.abort(explainProxyError(proxy, slow)),
    );
    this.#next.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    socket: Duplex,
  ): void {
    this.#stopTimer();
    if (status >= ok && status < firstRedirect && socket.readableLength === 0) {
      // ProxyAgent takes 200 alone for a tunnel.
      this.#next.onRequestUpgrade?.(controller, ok, headers, socket);
      return;
    }
    socket.on('error', () => undefined).destroy();
    this.fail(
      controller,
      explainProxyRefusal(this.#options.proxy, { target: this.#target, status, headers }),
    );
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(
      controller,
      error instanceof OutboundError ? error : explainProxyError(this.#options.proxy, error),
    );
  }

  fail(controller: Dispatcher.DispatchController, error: Error): void {
    this.#stopTimer();
    this.#next.onResponseError?.(controller, error);
  }

  #stopTimer(): void {
    this.#timer?.[Symbol.dispose]();
  }
}
