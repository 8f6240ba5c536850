import { eventPageRequestSchema, eventSchema, pageSchema } from '@latchkey/api';
import { readTimeline } from '../events/list-events.ts';
import { hubItself } from '../events/record-event.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';

/** What happened to the hub itself: an authority that was away, keys that were rotated, processes that came and went. */
export function registerHubEventRoutes(app: HubApp, context: Pick<HubContext, 'store'>): void {
  app.get(
    '/api/v1/events',
    {
      config: { scope: 'hub:read' },
      schema: {
        summary:
          'What happened to the hub itself, the newest first: a sign-in service away, keys rotated, a backup taken, a clock that differs, processes started, stopped and silent',
        tags: ['hub'],
        querystring: eventPageRequestSchema,
        response: { 200: pageSchema(eventSchema) },
      },
    },
    async (request) => readTimeline(context, hubItself.id, request.query, async () => null),
  );
}
