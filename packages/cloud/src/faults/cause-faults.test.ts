import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemRandom } from '../random.ts';
import { causeFaults } from './cause-faults.ts';
import { createFaults, type Faults } from './create-faults.ts';

interface Delay {
  milliseconds: number;
  end: () => void;
}

let app: FastifyInstance;
let faults: Faults;
let nextDelay: () => Promise<Delay>;

beforeEach(() => {
  let delayed = Promise.withResolvers<Delay>();
  nextDelay = async () => {
    const delay = await delayed.promise;
    delayed = Promise.withResolvers();
    return delay;
  };
  faults = createFaults(systemRandom);
  app = Fastify({ logger: false });
  causeFaults(app, {
    service: 'crm',
    hook: 'onRequest',
    presentFault: () => ({ headers: {}, body: {} }),
    faults,
    startTimer: (end, milliseconds) => delayed.resolve({ milliseconds, end }),
  });
  app.get('/', () => 'answer');
});
afterEach(() => app.close());

it('keeps an answer back for as long as it is told', async () => {
  faults.add({ effect: { kind: 'latency', milliseconds: 40 } });
  let isAnswered = false;
  const answering = app.inject('/').finally(() => {
    isAnswered = true;
  });
  const delay = await nextDelay();
  expect([delay.milliseconds, isAnswered]).toEqual([40, false]);
  delay.end();
  expect((await answering).body).toBe('answer');
});

it('lets each delay pass before what goes wrong then', async () => {
  faults.add({ effect: { kind: 'server_error', status: 503 } });
  faults.add({ effect: { kind: 'latency', milliseconds: 1 } });
  faults.add({ effect: { kind: 'latency', milliseconds: 2 } });
  const answering = app.inject('/').then(({ statusCode }) => statusCode);
  for (const expected of [1, 2]) {
    const delay = await nextDelay();
    expect(delay.milliseconds).toBe(expected);
    delay.end();
  }
  expect(await answering).toBe(503);
});
