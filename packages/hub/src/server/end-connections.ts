import type { HubApp } from '../http/hub-app.ts';

/**
 * When the hub closes, a connection ends with the request that it carries: kept alive for a next one, it would hold
 * the close up until it is cut off.
 */
export function endConnections(app: HubApp): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onResponse', (request, _reply, done) => {
    if (closing) request.raw.socket.destroySoon();
    done();
  });
}
