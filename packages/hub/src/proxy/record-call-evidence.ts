import { dataverseErrors, parseDataverseError } from '@latchkey/microsoft';
import { LRUCache } from 'lru-cache';
import type { HubError } from '../errors/hub-error.ts';
import { recordFailure, recordProof } from '../evidence/record-evidence.ts';
import { describeCrmRefusal } from '../providers/dynamics-365/describe-crm-failure.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import type { CallEvidence } from './pass-on-call.ts';

/** Calls are evidence, but a write for each would cost more than the call: the same news is written once a minute. */
const sameNewsMilliseconds = 60_000;
const rememberedConnections = 10_000;

const firstRedirect = 300;
const unauthorized = 401;
const forbidden = 403;

/**
 * Refusals that concern the whole connection: no user, no role, no licence, a disabled user, a blocked app, a closed
 * environment. All others are about one table or row, and the connection is as good as before.
 */
const lockedOutCodes: ReadonlySet<string> = new Set([
  dataverseErrors.userNotMemberOfOrganization,
  dataverseErrors.userNotAssignedRoles,
  dataverseErrors.userNotAssignedLicense,
  dataverseErrors.userNotEnabled,
  dataverseErrors.systemUserDisabled,
  dataverseErrors.applicationRestricted,
  dataverseErrors.organizationDisabled,
]);

interface News {
  /** `proven`, or the code of the refusal. */
  what: string;
  writtenAt: number;
}

/** @returns a listener that turns what the CRM answers into evidence for the connections' states */
export function createCallEvidence(context: TokenContext): CallEvidence {
  const lastNews = new LRUCache<string, News>({ max: rememberedConnections });

  function isNews(connectionId: string, what: string): boolean {
    const now = context.clock.now();
    const last = lastNews.get(connectionId);
    if (last?.what === what && now - last.writtenAt < sameNewsMilliseconds) return false;
    lastNews.set(connectionId, { what, writtenAt: now });
    return true;
  }

  function refuse(connectionId: string, error: HubError): void {
    if (!isNews(connectionId, error.options.remote?.code ?? error.code)) return;
    context.background.start('record a refusal', () => recordFailure(context, connectionId, error));
  }

  return {
    onAnswer(connectionId, status, refusal) {
      if (status < firstRedirect) {
        if (!isNews(connectionId, 'proven')) return;
        context.background.start('record a proof', () => recordProof(context, connectionId));
      } else if (status === forbidden && refusal) {
        const error = explainLockOut(refusal.toString('utf8'));
        if (error) refuse(connectionId, error);
      }
    },
    onFreshTokenRefused(connectionId) {
      refuse(connectionId, describeCrmRefusal({ status: unauthorized, headers: {}, body: '' }));
    },
  };
}

/** @returns the failure when the body says that the connection as a whole is locked out; undefined otherwise */
function explainLockOut(body: string): HubError | undefined {
  const answer = { status: forbidden, headers: {}, body };
  const code = parseDataverseError(answer)?.code;
  return code !== undefined && lockedOutCodes.has(code) ? describeCrmRefusal(answer) : undefined;
}
