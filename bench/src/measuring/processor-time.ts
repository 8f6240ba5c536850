import { readFile } from 'node:fs/promises';

/** What the kernel counts processor time in when it tells other programs: USER_HZ, 100 on every Linux. */
const microsecondsPerTick = 10_000;
/** Fields 14 and 15 of `/proc/[pid]/stat`, counted from the third, which follows the name in parentheses. */
const userTicksField = 11;
const systemTicksField = 12;

/**
 * Processor time that a process has used since it began, in microseconds: user and system, of all its threads, those
 * that have ended included (proc_pid_stat(5)). It comes in steps of ten milliseconds.
 *
 * @throws Error where the system doesn't tell: elsewhere than on Linux, and when the process is gone
 */
export async function readProcessorMicroseconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[userTicksField]) + Number(fields[systemTicksField])) * microsecondsPerTick;
}
