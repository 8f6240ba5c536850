import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Shells tell an end by a signal as an exit code above this one. */
const signalBase = 128;

/**
 * Runs a program to its end, in this process's place: a signal that asks this process to stop reaches the program, and
 * nothing stays behind.
 *
 * @param {string} executable
 * @param {readonly string[]} words
 * @param {import('node:child_process').SpawnOptions} [options] the terminal is handed on unless they say otherwise
 * @returns {Promise<{ code: number, problem: string | null }>} the exit code (above 128 after a signal), and what is to
 *   be told about an end by a signal
 * @throws {Error} with the next step, when it can't be started
 */
export function runProgram(executable, words, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, words, { stdio: 'inherit', ...options });
    let isAsked = false;
    const forward = () => {
      // Once: the terminal's Ctrl-C comes here twice under npm, and the second could kill the program on its last steps.
      if (!isAsked) child.kill('SIGTERM');
      isAsked = true;
    };
    // In a terminal Ctrl-C reaches the program by itself; sent to this process alone it does not. Windows has no signals:
    // passing one on would end the program on the spot.
    const interrupt = process.platform === 'win32' ? () => {} : forward;
    const stopListening = () => process.off('SIGINT', interrupt).off('SIGTERM', forward);
    process.on('SIGINT', interrupt).on('SIGTERM', forward);
    child.once('error', (error) => {
      stopListening();
      reject(toStartError(executable, error));
    });
    child.once('exit', (code, signal) => {
      stopListening();
      resolve(describeEnd(executable, code, signal));
    });
  });
}

/**
 * @param {string} executable
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function describeEnd(executable, code, signal) {
  if (signal === null) return { code: code ?? 1, problem: null };
  return {
    code: signalBase + constants.signals[signal],
    problem: `${executable} was ended by ${signal}. ${afterSignal[signal] ?? afterOtherSignal}`,
  };
}

/** @type {Partial<Record<NodeJS.Signals, string>>} */
const afterSignal = {
  SIGTERM: 'Somebody asked for it, before it was ready to end in order: start again when it is wanted.',
  SIGKILL:
    'Somebody killed it, or the machine ran out of memory: see the system’s log, give it more memory, and start again.',
};
const afterOtherSignal =
  'That is a failure of Node or of the machine: see the system’s log, and start again.';

/**
 * @param {string} executable
 * @param {NodeJS.ErrnoException} cause
 */
function toStartError(executable, cause) {
  const nextStep =
    cause.code === 'ENOENT'
      ? 'Is it there, and made for this machine (processor, glibc or musl)?'
      : 'May this user run it?';
  return new Error(`${executable} can’t be started (${cause.code}). ${nextStep}`, { cause });
}
