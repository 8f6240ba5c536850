import { isText, listOf, objectOf, readRow } from '../ground/read-row.ts';
import { type Directory, selectAll, selectOne } from './open-directory.ts';

/** What a person asks their administrators to consent to: scopes of one API. */
interface PendingScopes {
  /** Object id of the API's service principal. */
  resourceId: string;
  scopes: string[];
}

const pendingSchema = listOf(objectOf<PendingScopes>({ resourceId: isText, scopes: listOf(isText) }));

/** A person's request that an administrator consents to an application ("admin consent workflow"). */
export interface ConsentRequest {
  id: string;
  tenantId: string;
  appId: string;
  userId: string;
  /** The person's justification. */
  reason: string;
  pending: PendingScopes[];
  createdAt: number;
  decision: ConsentRequestDecision | null;
  decidedAt: number | null;
  /** Object id of the person who decided; null where none is known. */
  decidedBy: string | null;
}

export type ConsentRequestDecision = 'Approve' | 'Deny';

interface RequestRow {
  id: string;
  tenant_id: string;
  app_id: string;
  user_id: string;
  reason: string;
  pending: string;
  created_at: number;
  decision: ConsentRequestDecision | null;
  decided_at: number | null;
  decided_by: string | null;
}

export function createConsentRequest(
  directory: Directory,
  request: Pick<ConsentRequest, 'id' | 'tenantId' | 'appId' | 'userId' | 'reason' | 'pending'>,
): void {
  const { id, tenantId, appId, userId, reason, pending } = request;
  directory
    .prepare(
      `INSERT INTO consent_requests (id, tenant_id, app_id, user_id, reason, pending, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(id, tenantId, appId, userId, reason, JSON.stringify(pending), directory.clock.now());
}

/** The requests of a tenant, or those for one application in it; the oldest first. */
export function listConsentRequests(
  directory: Directory,
  tenantId: string,
  appId?: string,
): ConsentRequest[] {
  return selectAll<RequestRow>(
    directory,
    `SELECT * FROM consent_requests WHERE tenant_id = ?1 AND (?2 IS NULL OR app_id = ?2)
     ORDER BY created_at, id`,
    tenantId,
    appId ?? null,
  ).map(toRequest);
}

export function findConsentRequest(directory: Directory, id: string): ConsentRequest | undefined {
  const row = selectOne<RequestRow>(directory, 'SELECT * FROM consent_requests WHERE id = ?', id);
  return row && toRequest(row);
}

/** Whether nobody has decided on the person's request for this application yet. */
export function hasWaitingRequest(
  directory: Directory,
  { tenantId, appId, userId }: Pick<ConsentRequest, 'tenantId' | 'appId' | 'userId'>,
): boolean {
  return listConsentRequests(directory, tenantId, appId).some(
    (request) => request.userId === userId && request.decision === null,
  );
}

/** Decides on all that is waiting for an application in a tenant: an answer is for everybody. */
export function decideConsentRequests(
  directory: Directory,
  { tenantId, appId }: Pick<ConsentRequest, 'tenantId' | 'appId'>,
  decision: ConsentRequestDecision,
  decidedBy: string | null,
): void {
  directory
    .prepare(
      `UPDATE consent_requests SET decision = ?, decided_at = ?, decided_by = ?
       WHERE tenant_id = ? AND app_id = ? AND decision IS NULL`,
    )
    .run(decision, directory.clock.now(), decidedBy, tenantId, appId);
}

function toRequest(row: RequestRow): ConsentRequest {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    appId: row.app_id,
    userId: row.user_id,
    reason: row.reason,
    pending: readRow(pendingSchema, row.pending),
    createdAt: row.created_at,
    decision: row.decision,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
  };
}
