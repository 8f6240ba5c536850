import { eventPageRequestSchema, eventSchema, pageSchema } from '@latchkey/api';
import { readTimeline } from '../events/list-events.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';

/** Under which events of the hub itself are kept. */
const hubSubject = 'hub';

/** What happened to the hub itself: an authority that was away, keys that were rotated. */
export function registerHubEventRoutes(app: HubApp, context: Pick<HubContext, 'store'>): void {
  app.get(
    '/api/v1/events',
    {
      schema: {
        summary: 'What happened to the hub itself, the newest first: a sign-in service away, keys rotated',
        tags: ['hub'],
        querystring: eventPageRequestSchema,
        response: { 200: pageSchema(eventSchema) },
      },
    },
    async (request) => readTimeline(context, hubSubject, request.query, async () => undefined),
  );
}
