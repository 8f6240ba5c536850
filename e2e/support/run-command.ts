import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

/** A program at work, as somebody started it in a terminal. */
export interface RunningCommand {
  pid: number | undefined;
  stdout(): string;
  stderr(): string;
  /** Resolves with the text so far once standard output has this in it. Rejects when the command ends before. */
  until(text: string): Promise<string>;
  /** As `until`, of standard error, as soon as what it has written meets the test. */
  untilError(isMet: (text: string) => boolean): Promise<string>;
  /**
   * Resolves when the command has ended, and all that it has started and that writes where it does; `code` is null after
   * a signal that it did not handle.
   */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
  signal(name: NodeJS.Signals): void;
  /** Kills it with all that it has started, where it runs in a group of its own. */
  killGroup(): void;
}

export interface CommandOptions {
  environment?: Record<string, string>;
  /** Runs it as another user, which takes root. */
  uid?: number;
  /** The working folder, where it is another. */
  folder?: string;
  /** Runs it in a process group of its own, as a supervisor does. */
  ownGroup?: boolean;
}

/** Settings of the machine's own must not reach the test. */
const settings =
  /^(?:LATCHKEY_|DATABASE_URL$|PUBLIC_URL$|PORT$|HOST$|(?:HTTPS?|NO)_PROXY$|NODE_(?:EXTRA_CA_CERTS|USE_SYSTEM_CA)$)/i;

export function runCommand(
  executable: string,
  words: readonly string[],
  { environment, uid, folder, ownGroup = false }: CommandOptions = {},
): RunningCommand {
  const kept = Object.entries(process.env).filter(([name]) => !settings.test(name));
  const child = spawn(executable, words, {
    env: { ...Object.fromEntries(kept), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
    ...(folder === undefined ? {} : { cwd: folder }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const stdout = collect(child, 'stdout');
  const stderr = collect(child, 'stderr');
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
    code: typeof code === 'number' ? code : null,
    signal: typeof signal === 'string' ? (signal as NodeJS.Signals) : null,
    stdout: stdout(),
    stderr: stderr(),
  }));
  async function until(name: 'stdout' | 'stderr', isMet: (written: string) => boolean): Promise<string> {
    const [stream, written] = [child[name], name === 'stdout' ? stdout : stderr];
    while (!isMet(written())) {
      const next = stream ? once(stream, 'data') : Promise.resolve();
      const hasEnded = await Promise.race([next.then(() => false), ended.then(() => true)]);
      if (hasEnded && !isMet(written())) {
        throw new Error(`The command ended before it wrote that:\n${stdout()}${stderr()}`);
      }
    }
    return written();
  }
  return {
    pid: child.pid,
    stdout,
    stderr,
    ended,
    until: (text) => until('stdout', (written) => written.includes(text)),
    untilError: (isMet) => until('stderr', isMet),
    signal: (name) => child.kill(name),
    killGroup: () => killGroup(child),
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    const isEmpty = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isEmpty) throw error;
  }
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
