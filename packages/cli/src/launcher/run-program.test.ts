import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runProgram } from './run-program.mjs';

const node = process.execPath;
const program = (source: string) => ['--input-type=module', '--eval', source];

describe('a program in this one’s place', () => {
  it.each([0, 3])('ends it with its exit code: %s', async (code) => {
    const ended = runProgram(node, program(`process.exitCode = ${code}`));
    await expect(ended).resolves.toEqual({ code, problem: null });
  });

  it.each([
    ['SIGKILL', 137, /ended by SIGKILL.*memory.*start again/],
    ['SIGABRT', 134, /ended by SIGABRT.*failure.*start again/],
    ['SIGTERM', 143, /ended by SIGTERM.*start again/],
  ])('that a signal ended is told: %s', async (signal, code, sentence) => {
    const ended = runProgram(node, program(`process.kill(process.pid, '${signal}')`));
    await expect(ended).resolves.toEqual({ code, problem: expect.stringMatching(sentence) });
  });

  it('that is not there is told', async () => {
    await expect(runProgram('/nowhere/node', [])).rejects.toThrow(
      /\/nowhere\/node can’t be started \(ENOENT\).*musl/,
    );
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is asked to end once when this one is, by %s', async (signal) => {
    const others = process.listenerCount(signal);
    const door = createServer().listen(0, '127.0.0.1');
    await once(door, 'listening');
    const { port } = door.address() as AddressInfo;
    const knock = `const { connect } = await import('node:net'); connect(${port}, '127.0.0.1');`;
    const ended = runProgram(
      node,
      program(
        `let asked = 0; process.on('SIGTERM', () => { asked += 1; setTimeout(() => process.exit(6 + asked), 100); }); ${knock}`,
      ),
    );
    await once(door, 'connection');
    process.emit(signal);
    process.emit(signal);
    await expect(ended).resolves.toEqual({ code: 7, problem: null });
    expect(process.listenerCount(signal)).toBe(others);
    door.close();
  });
});
