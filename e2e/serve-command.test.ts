import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from './support/free-ports.ts';
import type { RunningCommand } from './support/run-command.ts';
import { runLatchkey } from './support/run-latchkey.ts';

/** The last thing that a start prints. */
const serving = 'enter by';

let folder: string;
let running: RunningCommand | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-serve-'));
  running = undefined;
});
afterEach(async () => {
  running?.signal('SIGTERM');
  await running?.ended;
  await rm(folder, { recursive: true, force: true });
});

function serve(words: string[], environment: Record<string, string> = {}): RunningCommand {
  running = runLatchkey(['serve', '--data', folder, ...words], { environment });
  return running;
}

describe('latchkey serve', () => {
  it('listens where it is told to, whatever the environment says', async () => {
    const port = await findFreePort();
    const command = serve(['--host', '127.0.0.1', '--port', String(port)], {
      HOST: '203.0.113.9',
      PORT: '1',
    });
    expect(await command.until(serving)).toContain(`Hub        http://localhost:${port}`);
    const apiKey = (await readFile(path.join(folder, 'api-key'), 'utf8')).trim();
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/connections`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    expect(await answer.json()).toEqual({ items: [], nextCursor: null });
  });

  it('says that nobody else can sign in where it lets others in and does not know its address', async () => {
    const command = serve(['--host', '0.0.0.0', '--port', '0']);
    expect(await command.until(serving)).toMatch(
      /listens on 0\.0\.0\.0\n.*this machine alone: set PUBLIC_URL to the https/,
    );
  });

  it('says where it listens, and by what address others come', async () => {
    const command = serve(['--host', '0.0.0.0', '--port', '0'], {
      PUBLIC_URL: 'https://latchkey.example.com',
    });
    const printed = await command.until(serving);
    expect(printed).toMatch(/Hub +https:\/\/latchkey\.example\.com .*\n {2}listens on 0\.0\.0\.0\n/);
    expect(printed).not.toContain('PUBLIC_URL');
  });

  it.each(['65536', '-1', '80.5', 'http'])('refuses %s as a port', async (port) => {
    const { code, stderr } = await serve(['--port', port]).ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('A port is a whole number from 0 to 65535.'),
    });
  });
});
