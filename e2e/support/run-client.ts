import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program in a process of its own until it ends.
 *
 * @param program its file
 * @param onFact is given each JSON line that it prints
 * @returns the last of them
 * @throws what it wrote to the error stream when it failed
 */
export async function runClient(
  program: URL,
  { words, environment }: { words: string[]; environment: Record<string, string> },
  onFact: (fact: Record<string, unknown>) => void = () => {},
): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [fileURLToPath(program), ...words], {
    env: { PATH: process.env.PATH, ...environment },
  });
  const errors = text(child.stderr);
  let last: Record<string, unknown> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line);
    onFact(last);
  }
  const complaint = await errors;
  if (child.exitCode !== 0 && Object.keys(last).length === 0) throw new Error(complaint);
  return last;
}
