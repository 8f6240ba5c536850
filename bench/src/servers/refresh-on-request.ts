import { memoryUsage } from 'node:process';
import { listen } from './listen.ts';
import { announceReady, readSetting } from './serve.ts';

/** What a round of refreshes took. */
export interface RefreshRound {
  seconds: number;
  /** Resident, at its end. */
  memoryBytes: number;
}

/**
 * Serves `/?count=N`: makes so many refreshes, with as many under way at a time as the setting `connections` says, and
 * answers with what that took.
 */
export async function refreshOnRequest(refresh: () => Promise<void>): Promise<void> {
  const connections = Number(readSetting('connections'));
  const origin = await listen((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    makeRound(refresh, Number(searchParams.get('count')), connections).then(
      (round) => response.end(JSON.stringify(round)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  announceReady({ origin });
}

async function makeRound(
  refresh: () => Promise<void>,
  count: number,
  connections: number,
): Promise<RefreshRound> {
  const beganAt = performance.now();
  let left = count;
  const refreshUntilNoneIsLeft = async () => {
    while (left > 0) {
      left -= 1;
      await refresh();
    }
  };
  await Promise.all(Array.from({ length: connections }, refreshUntilNoneIsLeft));
  return { seconds: (performance.now() - beganAt) / 1000, memoryBytes: memoryUsage.rss() };
}
