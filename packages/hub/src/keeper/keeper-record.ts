/** What a process has done of one kind of work since it started. */
export interface KindRecord {
  runs: number;
  /** Runs that ended by an error nobody expected; a connection that fails is no such run. */
  failures: number;
  lastRunAt: number;
  lastMilliseconds: number;
}

/** What a process does and has done; kept for whoever watches the keeper. */
export interface KeeperRecord {
  /** Work under way at this moment. */
  underWay: number;
  kinds: Map<string, KindRecord>;
}

export function createKeeperRecord(): KeeperRecord {
  return { underWay: 0, kinds: new Map() };
}

/** Notes a run that has just ended. @param now epoch milliseconds */
export function noteRun(
  { kinds }: KeeperRecord,
  kind: string,
  { startedAt, now, hasFailed }: { startedAt: number; now: number; hasFailed: boolean },
): void {
  const before = kinds.get(kind);
  kinds.set(kind, {
    runs: (before?.runs ?? 0) + 1,
    failures: (before?.failures ?? 0) + (hasFailed ? 1 : 0),
    lastRunAt: now,
    lastMilliseconds: Math.max(0, now - startedAt),
  });
}
