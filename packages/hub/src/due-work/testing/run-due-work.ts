import type { HubContext } from '../../hub-context.ts';
import { claimWork, finishWork } from '../claim-work.ts';
import type { WorkHandler } from '../work-handler.ts';

/** Does everything that is due at this moment of the test's clock, as a keeper does it. */
export async function runDueWork(context: HubContext, handlers: readonly WorkHandler[]): Promise<void> {
  const kinds = handlers.map(({ kind }) => kind);
  const { signal } = new AbortController();
  const claim = () => claimWork(context, { kinds, limit: 32 });
  for (let works = await claim(); works.length > 0; works = await claim()) {
    for (const work of works) {
      const handler = handlers.find(({ kind }) => kind === work.kind);
      await finishWork(context, work, (await handler?.run(work.subjectId, signal)) ?? null);
    }
  }
}
