import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';
import { allowOrigin } from '../web/allow-origin.ts';
import { findClientId } from '../web/find-client-id.ts';
import type { Faults } from './create-faults.ts';
import type { FaultEffect, FaultService } from './fault-rule.ts';

const adminPrefix = '/_latchkey/';
const page =
  '<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Please wait</h1></body></html>';

/** What goes back in place of the real answer. */
export interface FaultAnswer {
  headers: Record<string, string>;
  body: object;
}

/** A service as faults happen to it. */
export interface FaultedService {
  service: FaultService;
  /** When they happen: before the body is read, or after, where only the body tells which app asks. */
  hook: 'onRequest' | 'preHandler';
  /** What the service says in its own envelope when it is busy or broken. */
  presentFault: (status: number, request: FastifyRequest) => FaultAnswer;
  faults: Faults;
  /** What keeps answers back; tests give their own. */
  startTimer?: StartTimer;
}

type StartTimer = (onEnd: () => void, milliseconds: number) => unknown;

/** Lets the faults that are set happen to a service's requests. Register it before the service's routes. */
export function causeFaults(app: FastifyInstance, faulted: FaultedService): void {
  const { service, hook, presentFault, faults, startTimer = setTimeout } = faulted;
  const meetFaults = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    // What a browser asks beforehand (CORS) is not the app's request.
    if (!faults.areSet || request.method === 'OPTIONS' || request.url.startsWith(adminPrefix)) {
      done();
      return;
    }
    const [path = ''] = request.url.split('?', 1);
    const effects = faults.meet({ service, path, clientId: () => findClientId(request) });
    cause(effects, { presentFault, startTimer, request, reply, goOn: done });
  };
  if (hook === 'preHandler') app.addHook(hook, meetFaults);
  else app.addHook(hook, meetFaults);
}

interface Exchange {
  presentFault: FaultedService['presentFault'];
  startTimer: StartTimer;
  request: FastifyRequest;
  reply: FastifyReply;
  goOn: () => void;
}

function cause([effect, ...others]: readonly FaultEffect[], exchange: Exchange): void {
  const { request, reply, goOn, startTimer } = exchange;
  switch (effect?.kind) {
    case undefined:
      goOn();
      break;
    case 'latency':
      startTimer(() => cause(others, exchange), effect.milliseconds);
      break;
    case 'drop_connection':
      reply.hijack();
      request.raw.socket.destroy();
      break;
    case 'html':
      void reply
        .code(effect.status ?? httpStatus.ok)
        .header('content-type', 'text/html; charset=utf-8')
        .send(page);
      break;
    case 'cut_body':
      cutBody(reply.raw);
      goOn();
      break;
    case 'throttle':
      sendFault(exchange, httpStatus.tooManyRequests, effect.retryAfterSeconds);
      break;
    case 'server_error':
      sendFault(exchange, effect.status, effect.retryAfterSeconds);
      break;
  }
}

function sendFault(
  { presentFault, request, reply }: Exchange,
  status: number,
  retryAfterSeconds?: number,
): void {
  const { headers, body } = presentFault(status, request);
  // Web pages hear it, too, as they hear the real services.
  allowOrigin(request, reply);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  void reply
    .code(status)
    .headers({ ...headers, 'content-type': 'application/json; charset=utf-8' })
    .send(JSON.stringify(body));
}

/** Half of the body is sent, under a `Content-Length` that promises the whole. */
function cutBody(response: ServerResponse): void {
  Object.defineProperty(response, 'end', {
    value: (body: unknown) => {
      const whole = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : '');
      response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy());
      return response;
    },
  });
}
