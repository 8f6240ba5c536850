import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allowOrigin } from '../web/allow-origin.ts';
import { findClientId } from '../web/find-client-id.ts';
import type { Faults } from './create-faults.ts';
import { type FaultContext, faultAnswers } from './fault-answer.ts';
import type { FaultEffect, FaultService } from './fault-rule.ts';

const tooManyRequests = 429;
const ok = 200;
const adminPrefix = '/_latchkey/';
const page =
  '<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Please wait</h1></body></html>';

/**
 * Lets the faults that are set happen to a service's requests. Register it before the service's routes. Entra ID
 * learns the app from the body, the resources from the token, before they check it.
 */
export function causeFaults(
  app: FastifyInstance,
  service: FaultService,
  context: FaultContext & { faults: Faults },
): void {
  const { faults } = context;
  const meetFaults = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    // What a browser asks beforehand (CORS) is not the app's request.
    if (!faults.areSet || request.method === 'OPTIONS' || request.url.startsWith(adminPrefix)) {
      done();
      return;
    }
    const [path = ''] = request.url.split('?', 1);
    const effects = faults.meet({ service, path, clientId: () => findClientId(request) });
    cause(effects, { service, context, request, reply, goOn: done });
  };
  if (service === 'entra') app.addHook('preHandler', meetFaults);
  else app.addHook('onRequest', meetFaults);
}

interface Exchange {
  service: FaultService;
  context: FaultContext;
  request: FastifyRequest;
  reply: FastifyReply;
  goOn: () => void;
}

function cause([effect, ...others]: readonly FaultEffect[], exchange: Exchange): void {
  const { request, reply, goOn } = exchange;
  switch (effect?.kind) {
    case undefined:
      goOn();
      break;
    case 'latency':
      setTimeout(() => cause(others, exchange), effect.milliseconds);
      break;
    case 'drop_connection':
      reply.hijack();
      request.raw.socket.destroy();
      break;
    case 'html':
      void reply
        .code(effect.status ?? ok)
        .header('content-type', 'text/html; charset=utf-8')
        .send(page);
      break;
    case 'cut_body':
      cutBody(reply.raw);
      goOn();
      break;
    case 'throttle':
      sendFault(exchange, tooManyRequests, effect.retryAfterSeconds);
      break;
    case 'server_error':
      sendFault(exchange, effect.status, effect.retryAfterSeconds);
      break;
  }
}

function sendFault(
  { service, context, request, reply }: Exchange,
  status: number,
  retryAfterSeconds?: number,
): void {
  const { headers, body } = faultAnswers[service](status, request, context);
  // Web pages hear it, too, as they hear the real services; of Entra ID's headers they read none.
  allowOrigin(request, reply);
  if (service !== 'entra') reply.header('access-control-expose-headers', 'Retry-After');
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
