import { compare, sideUnderRequests } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import { type Outcome, worstOf } from '../measuring/outcome.ts';
import type { Load } from '../measuring/run-load.ts';

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
/** There is much to compare, and both sides are the same program: each is started once for each load. */
const starts = 1;
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
export async function largeDirectory(name: string, effort: Effort): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const load of loads) {
    outcomes.push(
      await compare(
        {
          name,
          what: 'call',
          bar: { atLeast: 0.8 },
          async startPair({ start }) {
            const ours = await start<Directory>('directory', large);
            const reference = await start<Directory>('directory', small);
            return {
              ours: sideUnderRequests(ours.pid, load(ours)),
              reference: sideUnderRequests(reference.pid, load(reference)),
            };
          },
        },
        { ...effort, starts },
      ),
    );
  }
  const worst = outcomes.reduce((one, other) => (other.ratio < one.ratio ? other : one));
  return { ...worst, verdict: worstOf(outcomes.map(({ verdict }) => verdict)), rounds: outcomes };
}
