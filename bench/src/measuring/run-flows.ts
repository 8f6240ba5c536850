import type { LoadResult } from './run-load.ts';
import { runLoadProgram } from './run-load-program.ts';

/** Complete sign-ins that are run over and over: authorize with a live session, redeem the code, refresh. */
export interface FlowLoad {
  /** All but the code challenge. */
  authorizeUrl: string;
  /** Of the session. */
  cookie: string;
  tokenUrl: string;
  /** What each token request carries besides its grant: the client's id, its secret, the scope. */
  client: Record<string, string>;
  redirectUri: string;
  /** Flows under way at a time. */
  connections: number;
}

/** Runs flows for some seconds. @returns whole flows and what one took */
export async function runFlows(load: FlowLoad, seconds: number): Promise<LoadResult> {
  const { count, ...latency } = await runLoadProgram('code-flows', { ...load, seconds });
  return { requests: count, requestsPerSecond: count / seconds, ...latency };
}
