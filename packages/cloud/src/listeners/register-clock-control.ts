import type { FastifyInstance } from 'fastify';
import type { MovableClock } from '../clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';

const path = '/_latchkey/clock';

/**
 * Lets tests in other processes read and move the local cloud's time: `GET` and `POST {"advanceSeconds": 3600}`
 * on `/_latchkey/clock`.
 */
export function registerClockControl(scope: FastifyInstance, clock: MovableClock): void {
  scope.get(path, async () => tell(clock));
  scope.post(path, async (request, reply) => {
    const seconds = advanceSeconds(request.body);
    if (seconds === null) return reply.code(400).send({ error: 'Expected {"advanceSeconds": number}.' });
    clock.advance(seconds * millisecondsPerSecond);
    return tell(clock);
  });
}

function tell(clock: MovableClock): { now: string; epochMilliseconds: number } {
  const epochMilliseconds = clock.now();
  return { now: new Date(epochMilliseconds).toISOString(), epochMilliseconds };
}

function advanceSeconds(body: unknown): number | null {
  if (typeof body !== 'object' || body === null || !('advanceSeconds' in body)) return null;
  const { advanceSeconds: seconds } = body;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : null;
}
