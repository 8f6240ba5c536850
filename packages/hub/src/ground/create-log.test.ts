import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog } from './create-log.ts';

function capture() {
  const lines: string[] = [];
  const log = createLog(
    { logLevel: 'info' },
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    }),
  );
  return { log, lines, text: () => lines.join('') };
}

describe('the log', () => {
  it('keeps an error’s own words, its code and its causes, and nothing that a driver hung on it', () => {
    const { log, lines, text } = capture();
    const row = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (hash)=(secret-row)',
    });
    log.error({ err: new Error('failed', { cause: row }) }, 'request failed');
    expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
      name: 'Error',
      message: 'failed',
      stack: expect.stringContaining('create-log.test.ts'),
      cause: { message: 'duplicate key', code: '23505' },
    });
    expect(text()).not.toContain('secret-row');
  });

  it('does not quote a text that is no JSON', () => {
    const { log, text } = capture();
    try {
      JSON.parse('eyJ-token');
    } catch (cause) {
      log.error({ err: new Error('nonsense', { cause }) }, 'refresh failed');
    }
    expect(text()).toContain('nonsense');
    expect(text()).not.toContain('eyJ');
  });

  it('ends with causes that go in a circle', () => {
    const { log, lines } = capture();
    const error = new Error('round');
    error.cause = error;
    log.error({ err: error }, 'failed');
    expect(lines).toHaveLength(1);
  });

  it('blackens what is named like a secret', () => {
    const { log, text } = capture();
    log.info({ authorization: 'Bearer x-1', connection: { accessToken: 'x-2', clientSecret: 'x-3' } }, 'odd');
    expect(text()).not.toMatch(/x-[123]/);
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = capture();
    log.debug('detail');
    expect(lines).toEqual([]);
  });
});
