import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { MovableClock } from '../clock.ts';

const path = '/_latchkey/clock';
const millisecondsPerSecond = 1000;
const loopback = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * Lets tests in other processes read and move the local cloud's time: `GET` and `POST {"advanceSeconds": 3600}`
 * on `/_latchkey/clock`, from this machine alone. Not there unless asked for at the start.
 */
export function registerClockControl(app: FastifyInstance, clock: MovableClock): void {
  // An own context: the service beside it reads bodies in its own way.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string' },
      scope.getDefaultJsonParser('error', 'error'),
    );
    scope.addHook('onRequest', async (request, reply) => {
      if (!fromThisMachine(request)) await reply.code(403).send({ error: 'Only from this machine.' });
    });
    scope.get(path, async () => tell(clock));
    scope.post(path, async (request, reply) => {
      const seconds = advanceSeconds(request.body);
      if (seconds === null) return reply.code(400).send({ error: 'Expected {"advanceSeconds": number}.' });
      clock.advance(seconds * millisecondsPerSecond);
      return tell(clock);
    });
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

function fromThisMachine(request: FastifyRequest): boolean {
  return loopback.test(request.socket.remoteAddress ?? '');
}
