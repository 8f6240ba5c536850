import { compare } from '../measuring/compare.ts';
import { type Outcome, passes } from '../measuring/outcome.ts';
import { withServers } from '../measuring/with-servers.ts';

const connections = 10;
const bar = { atLeast: 0.8 };

/** Client-credentials tokens of the local cloud, against the bare limit of signing in Node. */
export function cloudTokens(name: string): Promise<Outcome> {
  return withServers(async (start) => {
    const cloud = await start<{ tokenUrl: string; form: string }>('local-cloud');
    const bare = await start<{ origin: string }>('bare-token-endpoint');
    const { form } = cloud;
    const compared = await compare(
      { url: cloud.tokenUrl, form, connections },
      { url: `${bare.origin}/token`, form, connections },
    );
    return { name, unit: 'tokens/s', bar, passed: passes(compared.ratio, bar), ...compared };
  });
}
