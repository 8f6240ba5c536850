import { type Directory, selectOne } from './open-directory.ts';

/** Answers a read from memory for as long as nothing in the directory was written. */
export type ReadMemory<T> = (key: string, read: () => T) => T;

const mostEntries = 1000;

/**
 * Makes a memory for one kind of read. SQLite counts the rows that its connection ever changed; while that count
 * stands still, every read gives what it gave before. What a read throws is not remembered.
 */
export function rememberReads<T>(directory: Directory): ReadMemory<T> {
  const entries = new Map<string, T>();
  let validAt: number | undefined;
  return (key, read) => {
    const now = selectOne<{ changes: number }>(directory, 'SELECT total_changes() AS changes')?.changes;
    if (now !== validAt || entries.size >= mostEntries) {
      entries.clear();
      validAt = now;
    }
    const remembered = entries.get(key);
    if (remembered !== undefined) return remembered;
    const value = read();
    entries.set(key, value);
    return value;
  };
}
