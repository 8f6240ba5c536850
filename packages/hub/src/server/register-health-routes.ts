import { type CheckOutcome, healthSchema, readinessSchema } from '@latchkey/api';
import { sql } from 'kysely';
import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';
import { proveVault } from '../vault/prove-vault.ts';

/** For load balancers and supervisors: whether the process lives, and whether it can do its work. */
export function registerHealthRoutes(app: HubApp, context: HubContext): void {
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'The process answers',
        tags: ['health'],
        security: [],
        response: { 200: healthSchema },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'The database answers and its secrets can be opened',
        tags: ['health'],
        security: [],
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      const database = await check(context, 'database', async () => {
        await sql`select 1`.execute(context.store.db);
      });
      const vault = await check(context, 'vault', () => proveVault(context));
      const ready = database === 'ok' && vault === 'ok';
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status: ready ? 'ready' : 'not_ready', checks: { database, vault } });
    },
  );
}

/** Why a check fails is for the log: the answer is open to anybody. */
async function check({ log }: HubContext, name: string, prove: () => Promise<void>): Promise<CheckOutcome> {
  try {
    await prove();
    return 'ok';
  } catch (error) {
    log.warn({ err: error, check: name }, 'readiness check failed');
    return 'failing';
  }
}
