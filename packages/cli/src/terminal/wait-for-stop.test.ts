import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { waitForStop } from './wait-for-stop.ts';

describe('waiting for the end', () => {
  let signals: EventEmitter;
  let now: number;
  let exits: number[];
  beforeEach(() => {
    signals = new EventEmitter();
    now = 1000;
    exits = [];
  });

  const wait = (platform: NodeJS.Platform = 'linux') =>
    waitForStop({
      platform,
      on: (signal, listener) => signals.on(signal, listener),
      exit: (code) => exits.push(code),
      now: () => now,
    });

  it.each([['SIGINT'], ['SIGTERM']])('ends at the first %s', async (signal) => {
    const stopped = wait();
    signals.emit(signal);
    await expect(stopped).resolves.toBeUndefined();
    expect(exits).toEqual([]);
  });

  it('takes what npm passes on of one Ctrl-C for the same', async () => {
    const stopped = wait();
    signals.emit('SIGINT');
    now += 20;
    signals.emit('SIGINT');
    signals.emit('SIGTERM');
    await stopped;
    expect(exits).toEqual([]);
  });

  it('ends at once when a person presses Ctrl-C again', async () => {
    const stopped = wait();
    signals.emit('SIGINT');
    now += 1000;
    signals.emit('SIGINT');
    await stopped;
    expect(exits).toEqual([130]);
  });

  it('goes on ending in order when it is asked twice to', async () => {
    const stopped = wait();
    signals.emit('SIGTERM');
    now += 1000;
    signals.emit('SIGTERM');
    await stopped;
    expect(exits).toEqual([]);
  });

  it.each(['SIGBREAK', 'SIGHUP'])('ends by Windows’ %s', async (signal) => {
    const stopped = wait('win32');
    signals.emit(signal);
    await expect(stopped).resolves.toBeUndefined();
  });

  it('leaves SIGHUP elsewhere to who ignores it, as nohup does', () => {
    void wait();
    expect(signals.listenerCount('SIGHUP')).toBe(0);
  });
});
