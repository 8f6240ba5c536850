import { type Comparison, compare } from '../measuring/compare.ts';
import { type Outcome, passes } from '../measuring/outcome.ts';
import type { Load } from '../measuring/run-load.ts';
import { withServers } from '../measuring/with-servers.ts';

interface Directory {
  graph: string;
  /** The administrator's, for Graph. */
  token: string;
  id: string;
  appId: string;
  tokenUrl: string;
  /** A client-credentials request of the same app. */
  form: string;
}

const connections = 10;
/** There is much to compare. */
const rounds = 3;
const bar = { atLeast: 0.8 };
/** The small one fills a first page, so that both answer with as much. */
const small = { applications: '200', users: '200' };
const large = { applications: '10000', users: '100000' };

const lookups: readonly ((directory: Directory) => string)[] = [
  ({ id }) => `/applications/${id}`,
  ({ appId }) => `/applications?$filter=appId%20eq%20'${appId}'`,
  () => `/applications?$filter=displayName%20eq%20'Wanted'`,
  () => '/applications?$top=50&$select=id,appId,displayName',
  () => '/users?$top=50',
];

const loads: readonly ((directory: Directory) => Load)[] = [
  ({ tokenUrl, form }) => ({ url: tokenUrl, form, connections }),
  ...lookups.map((lookup) => (directory: Directory) => ({
    url: directory.graph + lookup(directory),
    headers: { authorization: `Bearer ${directory.token}` },
    connections,
  })),
];

/**
 * Tokens, and look-ups and first pages of Microsoft Graph, in a large directory, against the same in a small one. The
 * worst of them counts.
 */
export function largeDirectory(name: string): Promise<Outcome> {
  return withServers(async (start) => {
    const ours = await start<Directory>('directory', large);
    const reference = await start<Directory>('directory', small);
    const comparisons: Comparison[] = [];
    for (const load of loads) comparisons.push(await compare(load(ours), load(reference), rounds));
    const [worst, ...others] = comparisons;
    if (!worst) throw new Error('There is nothing to compare.');
    const compared = others.reduce((one, other) => (other.ratio < one.ratio ? other : one), worst);
    return { name, unit: 'calls/s, of the worst', bar, passed: passes(compared.ratio, bar), ...compared };
  });
}
