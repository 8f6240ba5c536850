import { LRUCache } from 'lru-cache';
import type { HubError } from '../errors/hub-error.ts';
import { recordFailure, recordProof } from '../evidence/record-evidence.ts';
import { pastMoment } from '../ground/bounded-times.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import { firstRedirect, forbidden, unauthorized } from '../ground/http-status.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import type { CallEvidence } from './pass-on-call.ts';

/**
 * Calls are evidence, but a write for each would cost more than the call: the same evidence is written once a minute.
 */
const sameEvidenceMilliseconds = millisecondsPerMinute;
const rememberedConnections = 10_000;

interface WrittenEvidence {
  /** `proven`, or the code of the refusal. */
  what: string;
  writtenAt: number;
}

/** @returns a listener that turns what the environment answers into evidence for the connections' states */
export function createCallEvidence(context: TokenContext): CallEvidence {
  const lastWritten = new LRUCache<string, WrittenEvidence>({ max: rememberedConnections });

  function isNew(connectionId: string, what: string): boolean {
    const now = context.clock.now();
    const last = lastWritten.get(connectionId);
    const writtenAt = pastMoment(last?.writtenAt ?? null, now);
    if (last?.what === what && writtenAt !== null && now - writtenAt < sameEvidenceMilliseconds) return false;
    lastWritten.set(connectionId, { what, writtenAt: now });
    return true;
  }

  function refuse(connectionId: string, error: HubError): void {
    if (!isNew(connectionId, error.options.remote?.code ?? error.code)) return;
    context.background.start('record a refusal', () => recordFailure(context, connectionId, error));
  }

  return {
    onAnswer(connectionId, status, refusal) {
      if (status < firstRedirect) {
        if (!isNew(connectionId, 'proven')) return;
        context.background.start('record a proof', () => recordProof(context, connectionId));
      } else if (status === forbidden && refusal) {
        const error = context.provider.explainLockOut({ status: forbidden, headers: {}, body: refusal });
        if (error) refuse(connectionId, error);
      }
    },
    onFreshTokenRefused(connectionId) {
      refuse(connectionId, context.provider.explainRefusal({ status: unauthorized, headers: {}, body: '' }));
    },
  };
}
