import { sql } from 'kysely';
import { millisecondsPerMinute } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';

/**
 * Takes one of the proofs that an environment gets in a minute from all processes together, by one statement and the
 * database's time. Whoever comes when they are taken is sent to a later minute: as many as there are places to each, so
 * that ten thousand connections that come due at once do not come back at once.
 *
 * @returns 0 for a proof now, or how long to wait, in milliseconds
 */
export async function takeProof(
  context: Pick<HubContext, 'config' | 'store' | 'databaseNow' | 'random'>,
  environmentUrl: string,
): Promise<number> {
  const { perEnvironmentMinute } = context.config.keeper.proofs;
  const minute = sql<number>`(${context.databaseNow()}) / ${sql.lit(millisecondsPerMinute)}`;
  const { taken } = await context.store.db
    .insertInto('proof_budgets')
    .values({ environment_url: environmentUrl, minute, taken: 1 })
    .onConflict((conflict) =>
      conflict.column('environment_url').doUpdateSet((eb) => ({
        minute: eb.ref('excluded.minute'),
        taken: eb
          .case()
          .when('proof_budgets.minute', '=', eb.ref('excluded.minute'))
          .then(eb('proof_budgets.taken', '+', 1))
          .else(1)
          .end(),
      })),
    )
    .returning('taken')
    .executeTakeFirstOrThrow();
  if (taken <= perEnvironmentMinute) return 0;
  const minutes = Math.floor((taken - 1) / perEnvironmentMinute);
  const within = context.random.bytes(2).readUInt16BE(0) / 0xffff;
  return Math.ceil((minutes + within) * millisecondsPerMinute);
}
