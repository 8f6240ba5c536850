import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The `latchkey` command at work, as somebody started it in a terminal. */
export interface RunningCommand {
  stdout(): string;
  stderr(): string;
  /** Resolves with the text so far once standard output has this in it. Rejects when the command ends before. */
  until(text: string): Promise<string>;
  /** Resolves when the command has ended; `code` is null after a signal that it did not handle. */
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  signal(name: NodeJS.Signals): void;
}

export interface CommandOptions {
  environment?: Record<string, string>;
  /** Runs it as another user, which takes root. */
  uid?: number;
}

const program = fileURLToPath(new URL('../../packages/cli/bin/latchkey.mjs', import.meta.url));
/** Settings of the machine's own must not reach the test. */
const settings =
  /^(?:LATCHKEY_|DATABASE_URL$|PUBLIC_URL$|PORT$|HOST$|(?:HTTPS?|NO)_PROXY$|NODE_(?:EXTRA_CA_CERTS|USE_SYSTEM_CA)$)/i;

export function runLatchkey(words: string[], { environment, uid }: CommandOptions = {}): RunningCommand {
  const kept = Object.entries(process.env).filter(([name]) => !settings.test(name));
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...Object.fromEntries(kept), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const stdout = collect(child, 'stdout');
  const stderr = collect(child, 'stderr');
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({
    code: code ?? null,
    stdout: stdout(),
    stderr: stderr(),
  }));
  return {
    stdout,
    stderr,
    ended,
    until: async (text) => {
      while (!stdout().includes(text)) {
        const next = child.stdout ? once(child.stdout, 'data') : Promise.resolve();
        const hasEnded = await Promise.race([next.then(() => false), ended.then(() => true)]);
        if (hasEnded && !stdout().includes(text)) {
          throw new Error(`The command ended without "${text}":\n${stdout()}${stderr()}`);
        }
      }
      return stdout();
    },
    signal: (name) => child.kill(name),
  };
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
