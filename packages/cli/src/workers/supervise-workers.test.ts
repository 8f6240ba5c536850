import { beforeEach, expect, it } from 'vitest';
import { superviseWorkers, type Worker, type WorkerEnd } from './supervise-workers.ts';

const second = 1000;

/** Workers, timers and time that do what the test says. */
function createScene() {
  let now = 0;
  const started: { number: number; isFirst: boolean; end: (end: WorkerEnd) => void; asked: string[] }[] = [];
  const timers = new Set<{ endsAt: number; onEnd: () => void }>();
  const ends: string[] = [];
  return {
    started,
    ends,
    supervise: (count: number, ready: () => Promise<string> = () => Promise.resolve('serving')) =>
      superviseWorkers<string>({
        count,
        start(number, isFirst): Worker<string> {
          const ended = Promise.withResolvers<WorkerEnd>();
          const asked: string[] = [];
          started.push({ number, isFirst, end: ended.resolve, asked });
          return {
            ready: ready(),
            ended: ended.promise,
            stop: () => asked.push('stop'),
            kill: () => {
              asked.push('kill');
              ended.resolve({ code: null, signal: 'SIGKILL' });
            },
          };
        },
        startTimer(milliseconds, onEnd) {
          const timer = { endsAt: now + milliseconds, onEnd };
          timers.add(timer);
          return { [Symbol.dispose]: () => timers.delete(timer) };
        },
        now: () => now,
        onEnd: (number, { code, signal, problem, restartInMilliseconds }) =>
          ends.push(`${number}: ${problem ?? signal ?? code}, ${restartInMilliseconds} ms`),
      }),
    pass(milliseconds: number) {
      now += milliseconds;
      for (const timer of timers) {
        if (timer.endsAt > now) continue;
        timers.delete(timer);
        timer.onEnd();
      }
    },
  };
}

let scene: ReturnType<typeof createScene>;
beforeEach(() => {
  scene = createScene();
});

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const numbers = () => scene.started.map(({ number }) => number);

/** The worker that was started last ends by itself. */
async function fail(): Promise<void> {
  scene.started.at(-1)?.end({ code: 1, signal: null });
  await settle();
}

it('starts the first one alone, and the others once it serves', async () => {
  const serves = Promise.withResolvers<string>();
  const supervised = scene.supervise(3, () => serves.promise);
  await settle();
  expect(numbers()).toEqual([1]);
  serves.resolve('on port 4480');
  expect((await supervised).first).toBe('on port 4480');
  expect(scene.started.map(({ number, isFirst }) => [number, isFirst])).toEqual([
    [1, true],
    [2, false],
    [3, false],
  ]);
});

it('starts nothing further when the first one can’t start', async () => {
  await expect(scene.supervise(2, () => Promise.reject(new Error('port taken')))).rejects.toThrow(
    'port taken',
  );
  expect(numbers()).toEqual([1]);
});

it('replaces one that ends by one of its number, after a pause that grows up to half a minute', async () => {
  await scene.supervise(2);
  for (const pause of [1, 2, 4, 8, 16, 30, 30]) {
    const before = scene.started.length;
    await fail();
    expect(scene.ends.at(-1)).toBe(`2: 1, ${pause * second} ms`);
    scene.pass(pause * second - 1);
    expect(scene.started).toHaveLength(before);
    scene.pass(1);
    expect(scene.started.at(-1)).toMatchObject({ number: 2, isFirst: false });
  }
});

it('tells why one that was started anew never served', async () => {
  let ready = Promise.resolve('serving');
  await scene.supervise(2, () => ready);
  await fail();
  ready = Promise.reject(new Error('database away'));
  scene.pass(second);
  await fail();
  expect(scene.ends.at(-1)).toBe(`2: database away, ${2 * second} ms`);
});

it('begins with the shortest pause again for one that has served for a minute', async () => {
  await scene.supervise(2);
  await fail();
  scene.pass(second);
  await fail();
  scene.pass(2 * second);
  scene.pass(60 * second);
  await fail();
  expect(scene.ends.at(-1)).toBe(`2: 1, ${second} ms`);
});

it('asks all to stop, waits for them, and starts none again', async () => {
  const workers = await scene.supervise(2);
  const stopped = workers.stop();
  const isStopped = () => Promise.race([stopped.then(() => true), settle().then(() => false)]);
  expect(scene.started.map(({ asked }) => asked)).toEqual([['stop'], ['stop']]);
  scene.started[0]?.end({ code: 0, signal: null });
  expect(await isStopped()).toBe(false);
  scene.started[1]?.end({ code: 0, signal: null });
  await stopped;
  scene.pass(60 * second);
  expect(numbers()).toEqual([1, 2]);
  expect(scene.ends).toEqual([]);
});

it('kills who has not ended fifteen seconds after that', async () => {
  const workers = await scene.supervise(2);
  const stopped = workers.stop();
  scene.started[0]?.end({ code: 0, signal: null });
  await settle();
  scene.pass(15 * second - 1);
  expect(scene.started[1]?.asked).toEqual(['stop']);
  scene.pass(1);
  expect(await stopped).toEqual([
    { code: 0, signal: null },
    { code: null, signal: 'SIGKILL' },
  ]);
  expect(scene.started.map(({ asked }) => asked)).toEqual([['stop'], ['stop', 'kill']]);
});

it('does not start the one anew whose pause has not passed when it is told to stop', async () => {
  const workers = await scene.supervise(2);
  await fail();
  scene.started[0]?.end({ code: 0, signal: null });
  await settle();
  await workers.stop();
  scene.pass(60 * second);
  expect(numbers()).toEqual([1, 2]);
});
