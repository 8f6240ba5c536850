import { keeperSchema } from '@latchkey/api';
import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';
import { presentKeeper } from './present-keeper.ts';

/** For whoever wants to see that connections are kept. */
export function registerKeeperRoutes(
  app: HubApp,
  context: Pick<HubContext, 'store' | 'clock' | 'databaseNow'>,
): void {
  app.get(
    '/api/v1/keeper',
    {
      config: { scope: 'hub:read' },
      schema: {
        summary: 'What is kept working: what is due, what was done and what will be',
        description:
          'Of all processes on the database. Figures of what was done count from the start of each process that is shown.',
        tags: ['keeper'],
        response: { 200: keeperSchema },
      },
    },
    () => presentKeeper(context),
  );
}
