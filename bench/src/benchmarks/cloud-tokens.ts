import { compare, sideUnderRequests } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import type { Outcome } from '../measuring/outcome.ts';

const connections = 10;

/** Client-credentials tokens of the local cloud, against the bare limit of signing in Node. */
export function cloudTokens(name: string, effort: Effort): Promise<Outcome> {
  return compare(
    {
      name,
      what: 'token',
      bar: { atLeast: 0.8 },
      async startPair({ start }) {
        const cloud = await start<{ tokenUrl: string; form: string }>('local-cloud');
        const bare = await start<{ origin: string }>('bare-token-endpoint');
        const { form } = cloud;
        return {
          ours: sideUnderRequests(cloud.pid, { url: cloud.tokenUrl, form, connections }),
          reference: sideUnderRequests(bare.pid, { url: `${bare.origin}/token`, form, connections }),
        };
      },
    },
    effort,
  );
}
