import { compare, sideUnderRequests } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import { type Outcome, worstOf } from '../measuring/outcome.ts';
import { startConnectedHub } from '../measuring/start-connected-hub.ts';
import { withFolder } from '../measuring/with-folder.ts';

const connections = 32;
const requests = [
  { what: 'token read', path: '/token' },
  { what: 'proxied call', path: '/proxy/api/data/v9.2/accounts?$select=name&$top=20' },
] as const;

/** A hub that counts metrics and makes spans, against one that does neither. The worse of a token read and a proxied call counts. */
export async function telemetry(name: string, effort: Effort): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const { what, path } of requests) {
    const outcome = await withFolder((watched) =>
      withFolder((bare) =>
        compare(
          {
            name,
            what,
            bar: { atLeast: 0.95 },
            async startPair({ start }) {
              const [ours, reference] = [
                await startConnectedHub(start, watched, 'watched-hub'),
                await startConnectedHub(start, bare),
              ];
              const side = ({ pid, connectionUrl, headers }: typeof ours) =>
                sideUnderRequests(pid, { url: `${connectionUrl}${path}`, headers, connections });
              return { ours: side(ours), reference: side(reference) };
            },
          },
          { ...effort, starts: 1 },
        ),
      ),
    );
    outcomes.push(outcome);
  }
  const worst = outcomes.reduce((one, other) => (other.ratio < one.ratio ? other : one));
  const beside = outcomes.map(({ unit, value, reference }) => [unit, [value, reference]] as const);
  return {
    ...worst,
    verdict: worstOf(outcomes.map(({ verdict }) => verdict)),
    beside: { ...Object.fromEntries(beside), ...worst.beside },
    rounds: outcomes,
  };
}
