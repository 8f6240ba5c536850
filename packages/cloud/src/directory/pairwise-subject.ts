import { createHash } from 'node:crypto';

/** A person's `sub`: the same for one client always, another for every other client. */
export function pairwiseSubject(tenantId: string, clientId: string, userId: string): string {
  return createHash('sha256').update(`${tenantId}:${clientId}:${userId}`).digest('base64url');
}
