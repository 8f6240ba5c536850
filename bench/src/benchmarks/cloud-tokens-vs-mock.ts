import { compare, sideUnderRequests } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import type { Outcome } from '../measuring/outcome.ts';

const connections = 10;

/** Client-credentials tokens of the local cloud, against the mock server that many use instead. */
export function cloudTokensVsMock(name: string, effort: Effort): Promise<Outcome> {
  return compare(
    {
      name,
      what: 'token',
      bar: { atLeast: 2 },
      async startPair({ start }) {
        const cloud = await start<{ tokenUrl: string; form: string }>('local-cloud');
        const mock = await start<{ tokenUrl: string }>('mock-token-endpoint');
        const { form } = cloud;
        return {
          ours: sideUnderRequests(cloud.pid, { url: cloud.tokenUrl, form, connections }),
          reference: sideUnderRequests(mock.pid, { url: mock.tokenUrl, form, connections }),
        };
      },
    },
    effort,
  );
}
