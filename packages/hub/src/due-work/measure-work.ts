import type { HubContext } from '../hub-context.ts';
import { outcomeOf } from '../telemetry/telemetry.ts';
import type { WorkHandler } from './work-handler.ts';

/** @returns a handler whose runs are counted by their outcome, and are spans */
export function measureWork(
  { telemetry: { metrics, spans } }: Pick<HubContext, 'telemetry'>,
  handler: WorkHandler,
): WorkHandler {
  const { kind } = handler;
  return {
    kind,
    async run(subjectId, signal) {
      const beganAt = performance.now();
      let outcome = 'ok';
      try {
        const attributes = { 'latchkey.work.kind': kind, 'latchkey.work.subject': subjectId };
        return await spans.run('latchkey.work', attributes, () => handler.run(subjectId, signal));
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        metrics.workEnded(kind, outcome, performance.now() - beganAt);
      }
    },
  };
}
