import type { FastifyRequest } from 'fastify';
import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';
import type { Caller } from './caller.ts';
import { identifyCaller } from './identify-caller.ts';
import type { ApiKeyMemory } from './verify-api-key.ts';

/** Lets nobody into `/api/` without an API key or a session, but where a route says that it is `open`. */
export function authenticateCallers(app: HubApp, context: HubContext, apiKeys: ApiKeyMemory): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', (request, _reply, done) => {
    const { url, config } = request.routeOptions;
    if (url === undefined || !url.startsWith('/api/') || config.open) {
      done();
      return;
    }
    const caller = identifyCaller(context, apiKeys, request);
    if (caller instanceof Promise) {
      void attachCaller(request, caller, done);
      return;
    }
    request.caller = caller;
    done();
  });
}

async function attachCaller(
  request: FastifyRequest,
  caller: Promise<Caller>,
  done: (error?: Error) => void,
): Promise<void> {
  try {
    request.caller = await caller;
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  done();
}
