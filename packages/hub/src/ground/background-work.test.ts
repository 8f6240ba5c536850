import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createBackgroundWork } from './background-work.ts';

function capturedLog() {
  const lines: string[] = [];
  return { lines, log: pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }) };
}

describe('createBackgroundWork', () => {
  it('is idle when what was started has ended, what it started in turn included', async () => {
    const done: string[] = [];
    const background = createBackgroundWork(capturedLog().log);
    background.start('outer', async () => {
      await Promise.resolve();
      background.start('inner', async () => {
        await Promise.resolve();
        done.push('inner');
      });
      done.push('outer');
    });
    await background.idle();
    expect(done).toEqual(['outer', 'inner']);
  });

  it('logs what work throws, under its name', async () => {
    const { log, lines } = capturedLog();
    const background = createBackgroundWork(log);
    background.start('registration', () => Promise.reject(new Error('disk full')));
    await background.idle();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"work":"registration"');
    expect(lines[0]).toContain('disk full');
  });

  it('aborts the work at the close, waits for its end, and starts nothing more', async () => {
    const { log, lines } = capturedLog();
    const background = createBackgroundWork(log);
    const ended: string[] = [];
    background.start('waiting', async (signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended.push('waiting');
      signal.throwIfAborted();
    });
    await background.close();
    background.start('late', () => Promise.resolve(void ended.push('late')));
    expect(ended).toEqual(['waiting']);
    expect(lines).toEqual([]);
  });
});
