import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';
import { identifyCaller } from './identify-caller.ts';
import type { ApiKeyMemory } from './verify-api-key.ts';

/** Lets nobody into `/api/` without an API key or a session, but where a route says that it is `open`. */
export function authenticateCallers(app: HubApp, context: HubContext, apiKeys: ApiKeyMemory): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    const { url, config } = request.routeOptions;
    if (url === undefined || !url.startsWith('/api/') || config.open) return;
    request.caller = await identifyCaller(context, apiKeys, request);
  });
}
