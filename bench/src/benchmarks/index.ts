import type { Effort } from '../measuring/effort.ts';
import type { Outcome, Skipped } from '../measuring/outcome.ts';
import { cloudCodeFlow } from './cloud-code-flow.ts';
import { cloudColdStart } from './cloud-cold-start.ts';
import { cloudMemory } from './cloud-memory.ts';
import { cloudTokens } from './cloud-tokens.ts';
import { cloudTokensVsMock } from './cloud-tokens-vs-mock.ts';
import { costs } from './costs.ts';
import { growth } from './growth.ts';
import { largeDirectory } from './large-directory.ts';
import { proxy } from './proxy.ts';
import { proxyVsNginx } from './proxy-vs-nginx.ts';
import { proxyWorkers } from './proxy-workers.ts';
import { refresh } from './refresh.ts';
import { start } from './start.ts';
import { startLocalCloudInTests } from './start-local-cloud.ts';
import { telemetry } from './telemetry.ts';
import { tokenRead } from './token-read.ts';

/** Runs one benchmark. */
export type Benchmark = (name: string, effort: Effort) => Promise<Outcome | Skipped>;

/** All of them by name, in the order in which they are run and shown. */
export const benchmarks: ReadonlyMap<string, Benchmark> = new Map<string, Benchmark>([
  ['start', start],
  ['token-read', tokenRead],
  ['refresh', refresh],
  ['proxy', proxy],
  ['proxy-workers', proxyWorkers],
  ['telemetry', telemetry],
  ['proxy-vs-nginx', proxyVsNginx],
  ['cloud-tokens', cloudTokens],
  ['cloud-tokens-vs-mock', cloudTokensVsMock],
  ['cloud-code-flow', cloudCodeFlow],
  ['cloud-cold-start', cloudColdStart],
  ['cloud-memory', cloudMemory],
  ['start-local-cloud', startLocalCloudInTests],
  ['large-directory', largeDirectory],
  ['growth', growth],
  ['costs', costs],
]);
