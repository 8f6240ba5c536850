import { compare } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import type { Outcome } from '../measuring/outcome.ts';
import { type FlowLoad, runFlows } from '../measuring/run-flows.ts';

const connections = 10;

/**
 * Complete sign-ins of the local cloud: authorize with a live session and consent given, redeem the code, refresh.
 * Against a bare server that answers the same exchanges with as many signatures, and keeps and checks nothing.
 */
export function cloudCodeFlow(name: string, effort: Effort): Promise<Outcome> {
  return compare(
    {
      name,
      what: 'flow',
      bar: { atLeast: 0.45 },
      async startPair({ start }) {
        const flow = await start<Omit<FlowLoad, 'connections'>>('code-flow');
        const { pid, origin } = await start<{ origin: string }>('bare-code-flow');
        const ours = { ...flow, connections };
        const bare = {
          ...ours,
          authorizeUrl: onOrigin(origin, flow.authorizeUrl),
          tokenUrl: `${origin}/token`,
        };
        return {
          ours: { pid: flow.pid, run: (seconds) => runFlows(ours, seconds) },
          reference: { pid, run: (seconds) => runFlows(bare, seconds) },
        };
      },
    },
    effort,
  );
}

function onOrigin(origin: string, url: string): string {
  const { pathname, search } = new URL(url);
  return new URL(`${pathname}${search}`, origin).href;
}
