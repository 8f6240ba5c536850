import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createHubClient, type HubClient } from '@latchkey/client';
import type { HubProcessReady, HubProcessSettings } from './run-hub.ts';

export interface HubProcess extends HubProcessReady {
  client: HubClient;
  pid: number;
  /** Everything that it wrote to standard output and standard error until now. */
  output(): string;
  /** Moves the hub's clock. */
  advance(milliseconds: number): Promise<void>;
  /** Stops it where it stands (SIGSTOP), as a machine without room does. */
  pause(): void;
  /** Lets it go on. */
  resume(): void;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** An orderly end. */
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('run-hub.ts', import.meta.url));

/** Starts a hub in a process of its own. @param environment LATCHKEY_… and DATABASE_URL, as an operator sets them */
export async function startHubProcess(
  settings: HubProcessSettings,
  environment: Record<string, string> = {},
): Promise<HubProcess> {
  const child = fork(program, [JSON.stringify(settings)], {
    // What the keeper does by itself would come between what tests count, unless they are about it.
    env: { ...process.env, LATCHKEY_KEEPER: 'off', ...environment },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
  }
  const ready = await firstMessage(child, () => written);
  return {
    ...ready,
    pid: child.pid ?? 0,
    client: createHubClient({ baseUrl: ready.url, apiKey: ready.apiKey }),
    output: () => written,
    async advance(advanceMilliseconds) {
      const done = once(child, 'message');
      // Told here alone: as an event, the end of a process that was just killed would end the test.
      const sent = Promise.withResolvers<void>();
      child.send({ advanceMilliseconds }, (error) => (error ? sent.reject(error) : sent.resolve()));
      await sent.promise;
      await done;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  };
}

async function firstMessage(child: ChildProcess, output: () => string): Promise<HubProcessReady> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as HubProcessReady));
    child.once('close', () => reject(new Error(`The hub did not start:\n${output()}`)));
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}
