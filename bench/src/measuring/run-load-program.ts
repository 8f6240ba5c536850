import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { quantile } from './spread.ts';

const loadsFolder = path.join(import.meta.dirname, '..', 'loads');

/** What a program of `loads/` found: how long each of what it did took. */
export interface Durations {
  count: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
}

/**
 * Runs a program of `loads/` in a process of its own, until it ends.
 *
 * @throws Error when it failed: a figure of failures is none
 */
export async function runLoadProgram(name: string, settings: object): Promise<Durations> {
  const file = path.join(loadsFolder, `${name}.ts`);
  const child = spawn(process.execPath, [file, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`The load "${name}" failed.`);
  const milliseconds = JSON.parse(output) as number[];
  return {
    count: milliseconds.length,
    p50Milliseconds: quantile(milliseconds, 0.5),
    p99Milliseconds: quantile(milliseconds, 0.99),
  };
}
