import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { againstLimit } from '../measuring/against-limit.ts';
import { compareStarts } from '../measuring/compare-starts.ts';
import type { Effort } from '../measuring/effort.ts';
import { type Outcome, worstOf } from '../measuring/outcome.ts';

const latchkey = path.resolve(import.meta.dirname, '../../../packages/cli/bin/latchkey.mjs');
const mostTimesTheBareStart = 20;
const mostMegabytes = 200;
const bytesPerMegabyte = 1024 * 1024;
const kilobytesPerMegabyte = 1024;
const lookEveryMilliseconds = 20;
/** What reading `/proc` says of a process that is not there. */
const gone: ReadonlySet<string> = new Set(['ENOENT', 'ESRCH']);

interface OneStart {
  milliseconds: number;
  /** Resident once the connection was proven. */
  megabytes: number;
  /** The most at any moment: optimizing undici's parser takes some 20 MB for a blink. Null where the system keeps none. */
  peakMegabytes: number | null;
}

/**
 * From the start of the process to the first proven connection, on an installed checkout and an empty data folder,
 * seen from outside, against a bare server that reads a key from disk and signs once; and the memory that it then has,
 * against a fixed figure.
 */
export async function start(name: string, { starts, rounds }: Effort): Promise<Outcome> {
  const measured: OneStart[] = [];
  const time = await compareStarts(name, { atMost: mostTimesTheBareStart }, starts * rounds, async () => {
    const one = await startOnce();
    measured.push(one);
    return one.milliseconds;
  });
  const memory = againstLimit(
    name,
    'MB',
    measured.map(({ megabytes }) => megabytes),
    mostMegabytes,
  );
  return {
    ...time,
    verdict: worstOf([time.verdict, memory.verdict]),
    beside: { 'resident memory, and the most it may be, MB': [memory.value, mostMegabytes] },
    rounds: measured,
  };
}

async function startOnce(): Promise<OneStart> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [latchkey, 'start', '--once', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const memory = watchMemory(child);
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(([code]) => {
      throw new Error(`"latchkey start --once" ended with code ${code} and said nothing.`);
    }),
  ]);
  const milliseconds = performance.now() - startedAt;
  const { outcome, rssBytes } = JSON.parse(String(line)) as { outcome: string; rssBytes: number };
  if (outcome !== 'proven') throw new Error(`The first connection was not proven: ${line}`);
  await exited;
  memory.end();
  return { milliseconds, megabytes: rssBytes / bytesPerMegabyte, peakMegabytes: memory.peakMegabytes() };
}

/** Linux keeps the most that a process ever had. */
function watchMemory({ pid }: ChildProcess): { peakMegabytes(): number | null; end(): void } {
  let peak: number | null = null;
  async function look(): Promise<void> {
    try {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
      if (kilobytes !== undefined) peak = Number(kilobytes) / kilobytesPerMegabyte;
    } catch (error) {
      // Another system, or the process has just ended.
      if (!(error instanceof Error && 'code' in error && gone.has(String(error.code)))) throw error;
    }
  }
  const timer = setInterval(() => void look(), lookEveryMilliseconds);
  return { peakMegabytes: () => peak, end: () => clearInterval(timer) };
}
