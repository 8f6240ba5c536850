import { readFile } from 'node:fs/promises';

/** What the kernel counts processor time in when it tells other programs: USER_HZ, 100 on every Linux. */
const microsecondsPerTick = 10_000;
/** Fields 14 and 15 of `/proc/[pid]/stat`, counted from the third, which follows the name in parentheses. */
const userTicksField = 11;
const systemTicksField = 12;
/** The same of the children that have ended. */
const endedUserTicksField = 13;
const endedSystemTicksField = 14;

/**
 * Processor time that a process has used since it began, in microseconds: user and system, of all its threads, those
 * that have ended included (proc_pid_stat(5)). It comes in steps of ten milliseconds.
 *
 * @throws Error where the system doesn't tell: elsewhere than on Linux, and when the process is gone
 */
export function readProcessorMicroseconds(pid: number): Promise<number> {
  return readFields(pid, [userTicksField, systemTicksField]);
}

/** The same of a process and its children, those that have ended included. @throws Error as above */
export async function readFamilyMicroseconds(pid: number): Promise<number> {
  const ofChildren = (await childrenOf(pid)).map(async (child) => {
    try {
      return await readProcessorMicroseconds(child);
    } catch {
      // It has just ended: its time is among those of the ended ones.
      return 0;
    }
  });
  const ofParent = readFields(pid, [
    userTicksField,
    systemTicksField,
    endedUserTicksField,
    endedSystemTicksField,
  ]);
  const all = await Promise.all([...ofChildren, ofParent]);
  return all.reduce((sum, one) => sum + one, 0);
}

/** @returns the processes that a process has started and that still run. @throws Error as above */
export async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

async function readFields(pid: number, wanted: readonly number[]): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return wanted.reduce((sum, field) => sum + Number(fields[field]) * microsecondsPerTick, 0);
}
