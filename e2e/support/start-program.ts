import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** A program in a process of its own that serves until it is stopped. */
export interface RunningProgram {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts a program that prints `{"url": …}` as its first line once it serves.
 *
 * @throws what it wrote to the error stream when it ended before
 */
export async function startProgram(
  program: URL,
  environment: Record<string, string>,
): Promise<RunningProgram> {
  const child = spawn(process.execPath, [fileURLToPath(program)], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors = text(child.stderr);
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url }: { url: string } = JSON.parse(line);
    return {
      url,
      stop: async () => {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error(await errors);
}
