import type { WorkHandler } from '../due-work/work-handler.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { changeEvidence, type EvidenceContext, tokenEndKind } from './change-evidence.ts';

/**
 * Looks again when an access token ends that nothing renews. Nobody does anything then, and yet the connection needs a
 * sign-in from that moment on: its state is told of all the same.
 */
export function tokenEndWork(context: EvidenceContext): WorkHandler {
  return {
    kind: tokenEndKind,
    async run(connectionId) {
      const known = await inTransaction(context.store, (db) =>
        changeEvidence(context, db, connectionId, () => ({})),
      );
      // Later tokens may live longer, and have nothing that renews them either.
      return known?.judgement?.state === 'limited' ? known.row.expires_at : null;
    },
  };
}
