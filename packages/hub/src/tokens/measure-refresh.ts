import { outcomeOf } from '../telemetry/telemetry.ts';
import type { TokenState } from './read-token-state.ts';
import type { TokenContext } from './token-context.ts';

/** Counts a refresh by its outcome, and makes a span of it. */
export async function measureRefresh(
  { telemetry: { metrics, spans } }: Pick<TokenContext, 'telemetry'>,
  { connection }: TokenState,
  refresh: () => Promise<TokenState>,
): Promise<TokenState> {
  const beganAt = performance.now();
  let outcome = 'ok';
  try {
    const attributes = { 'latchkey.connection.id': connection.id, 'latchkey.method': connection.method };
    return await spans.run('latchkey.refresh', attributes, refresh);
  } catch (error) {
    outcome = outcomeOf(error);
    throw error;
  } finally {
    metrics.refreshEnded(outcome, performance.now() - beganAt);
  }
}
