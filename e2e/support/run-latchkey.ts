import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type CommandOptions, type RunningCommand, runCommand } from './run-command.ts';

/** The command's file. */
export const latchkeyProgram = fileURLToPath(new URL('../../packages/cli/bin/latchkey.mjs', import.meta.url));

/** The `latchkey` command at work. */
export function runLatchkey(words: string[], options: CommandOptions = {}): RunningCommand {
  return runCommand(process.execPath, [latchkeyProgram, ...words], options);
}
