import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A server under measurement, in a process of its own. */
export interface MeasuredServer<Facts> {
  /** What the server said when it was ready. */
  facts: Facts & { pid: number };
  close(): Promise<void>;
}

const serversFolder = path.join(import.meta.dirname, '..', 'servers');

/**
 * Starts one of `servers/`. It gets its settings as the first argument and prints one line of JSON when it is ready.
 *
 * @throws Error when it ends before it is ready
 */
export async function startServer<Facts>(
  name: string,
  settings: Record<string, string> = {},
): Promise<MeasuredServer<Facts>> {
  const file = path.join(serversFolder, `${name}.ts`);
  const child = spawn(process.execPath, [...serverOptions(), file, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The server "${name}" ended with code ${code} before it was ready.`);
    }),
  ]);
  return { facts: JSON.parse(String(line)) as Facts & { pid: number }, close: () => end(child) };
}

/** What Node is told when it runs a server: BENCH_NODE_OPTIONS=--cpu-prof shows where a server's time goes. */
export function serverOptions(): string[] {
  return process.env.BENCH_NODE_OPTIONS?.split(' ').filter((option) => option !== '') ?? [];
}

/** Ends a process that was started here and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
