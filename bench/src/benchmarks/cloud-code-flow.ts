import { compareRuns } from '../measuring/compare.ts';
import type { Outcome } from '../measuring/outcome.ts';
import { type FlowLoad, runFlows } from '../measuring/run-flows.ts';
import { withServers } from '../measuring/with-servers.ts';

const connections = 10;
const fewestFlows = 300;

/**
 * Complete sign-ins of the local cloud: authorize with a live session and consent given, redeem the code, refresh.
 * Against a bare server that answers the same exchanges with as many signatures, and keeps and checks nothing.
 */
export function cloudCodeFlow(name: string): Promise<Outcome> {
  return withServers(async (start) => {
    const flow = await start<Omit<FlowLoad, 'connections'>>('code-flow');
    const { origin } = await start<{ origin: string }>('bare-code-flow');
    const ours = { ...flow, connections };
    const bare = { ...ours, authorizeUrl: onOrigin(origin, flow.authorizeUrl), tokenUrl: `${origin}/token` };
    const compared = await compareRuns(
      (seconds) => runFlows(ours, seconds),
      (seconds) => runFlows(bare, seconds),
    );
    const passed = compared.value >= fewestFlows;
    return { name, unit: 'flows/s', bar: null, floor: fewestFlows, passed, ...compared };
  });
}

function onOrigin(origin: string, url: string): string {
  const { pathname, search } = new URL(url);
  return new URL(`${pathname}${search}`, origin).href;
}
