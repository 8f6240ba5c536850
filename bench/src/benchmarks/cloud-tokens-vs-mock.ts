import { compare } from '../measuring/compare.ts';
import { type Outcome, passes } from '../measuring/outcome.ts';
import { withServers } from '../measuring/with-servers.ts';

const connections = 10;
const bar = { atLeast: 2 };

/** Client-credentials tokens of the local cloud, against the mock server that many use instead. */
export function cloudTokensVsMock(name: string): Promise<Outcome> {
  return withServers(async (start) => {
    const cloud = await start<{ tokenUrl: string; form: string }>('local-cloud');
    const mock = await start<{ tokenUrl: string }>('mock-token-endpoint');
    const { form } = cloud;
    const compared = await compare(
      { url: cloud.tokenUrl, form, connections },
      { url: mock.tokenUrl, form, connections },
    );
    return { name, unit: 'tokens/s', bar, passed: passes(compared.ratio, bar), ...compared };
  });
}
