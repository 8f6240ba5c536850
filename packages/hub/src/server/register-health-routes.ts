import { type CheckOutcome, healthSchema, readinessSchema } from '@latchkey/api';
import type { StartTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';
import { proveStore } from '../store/prove-store.ts';
import { proveVault } from '../vault/prove-vault.ts';

/** A database that takes longer than this serves nobody; supervisors wait for an answer a little longer. */
const checkWithinMilliseconds = 2 * millisecondsPerSecond;
/** Anybody may ask, and each proof writes. */
const checkedForMilliseconds = millisecondsPerSecond;

/** For load balancers and supervisors: whether the process lives, and whether it can do its work. */
export function registerHealthRoutes(
  app: HubApp,
  context: Pick<HubContext, 'store' | 'vault' | 'clock' | 'log'>,
  startTimer: StartTimer,
): void {
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'The process answers',
        description:
          'It asks nothing of the database: a process that can’t reach it is not to be ended for that.',
        tags: ['health'],
        security: [],
        response: { 200: healthSchema },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );

  const checkDatabase = createCheck(context, startTimer, 'database', () => proveStore(context));
  const checkVault = createCheck(context, startTimer, 'vault', () => proveVault(context));

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'The database takes writes and its secrets can be opened',
        description:
          'Answered within about two seconds, by a proof at most a second old. 503 says to send no requests here for now.',
        tags: ['health'],
        security: [],
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      const [database, vault] = await Promise.all([checkDatabase(), checkVault()]);
      const ready = database === 'ok' && vault === 'ok';
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status: ready ? 'ready' : 'not_ready', checks: { database, vault } });
    },
  );
}

/**
 * Makes a check that comes to an end, also where the proof does not, and that whoever asks within a second shares. Why it
 * fails is for the log: the answer is open to anybody.
 */
function createCheck(
  { log, clock }: Pick<HubContext, 'log' | 'clock'>,
  startTimer: StartTimer,
  name: string,
  prove: () => Promise<void>,
): () => Promise<CheckOutcome> {
  let last: { outcome: Promise<CheckOutcome>; startedAt: number } | null = null;

  async function check(): Promise<CheckOutcome> {
    const { promise: tooLong, reject } = Promise.withResolvers<never>();
    using _timer = startTimer(checkWithinMilliseconds, () => reject(new Error('It took too long.')));
    try {
      await Promise.race([prove(), tooLong]);
      return 'ok';
    } catch (cause) {
      log.warn({ cause, check: name }, 'readiness check failed');
      return 'failing';
    }
  }

  return () => {
    const now = clock.now();
    const isFresh = last !== null && Math.abs(now - last.startedAt) < checkedForMilliseconds;
    if (last === null || !isFresh) last = { outcome: check(), startedAt: now };
    return last.outcome;
  };
}
