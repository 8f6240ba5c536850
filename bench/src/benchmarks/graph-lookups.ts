import { type Comparison, compare } from '../measuring/compare.ts';
import { type Outcome, passes } from '../measuring/outcome.ts';
import { withServers } from '../measuring/with-servers.ts';

interface Directory {
  graph: string;
  token: string;
  id: string;
  appId: string;
}

const connections = 10;
const bar = { atLeast: 0.8 };
/** The small one fills a first page, so that both answer with as much. */
const small = { applications: '200', users: '200' };
const large = { applications: '10000', users: '100000' };

const calls: readonly ((directory: Directory) => string)[] = [
  ({ id }) => `/applications/${id}`,
  ({ appId }) => `/applications?$filter=appId%20eq%20'${appId}'`,
  () => `/applications?$filter=displayName%20eq%20'Wanted'`,
  () => '/applications?$top=50&$select=id,appId,displayName',
  () => '/users?$top=50',
];

/** Look-ups and first pages of Microsoft Graph in a large directory, against the same ones in a small directory. */
export function graphLookups(name: string): Promise<Outcome> {
  return withServers(async (start) => {
    const ours = await start<Directory>('directory', large);
    const reference = await start<Directory>('directory', small);
    const comparisons: Comparison[] = [];
    for (const call of calls) comparisons.push(await compare(loadOf(ours, call), loadOf(reference, call)));
    const [worst, ...others] = comparisons;
    if (!worst) throw new Error('There is nothing to compare.');
    const compared = others.reduce((one, other) => (other.ratio < one.ratio ? other : one), worst);
    return { name, unit: 'calls/s, of the worst', bar, passed: passes(compared.ratio, bar), ...compared };
  });
}

function loadOf(directory: Directory, call: (directory: Directory) => string) {
  return {
    url: directory.graph + call(directory),
    headers: { authorization: `Bearer ${directory.token}` },
    connections,
  };
}
