import { readFile } from 'node:fs/promises';
import type { Side } from './compare.ts';
import { childrenOf } from './processor-time.ts';

/**
 * Bytes that a server and its database's server have given to the disk since they began (proc_pid_io(5)): SQLite's log and file,
 * PostgreSQL's log and tables. What several writes change in one page of memory counts once.
 */
export async function readWrittenBytes({
  pid,
  databasePid,
}: Pick<Side, 'pid' | 'databasePid'>): Promise<number> {
  const pids = [...(typeof pid === 'number' ? [pid] : pid)];
  if (databasePid !== undefined) pids.push(databasePid, ...(await childrenOf(databasePid)));
  const bytes = await Promise.all(pids.map(readWritten));
  return bytes.reduce((sum, one) => sum + one, 0);
}

async function readWritten(pid: number): Promise<number> {
  const io = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
  return Number(/^write_bytes: (\d+)$/m.exec(io)?.[1] ?? 0);
}
