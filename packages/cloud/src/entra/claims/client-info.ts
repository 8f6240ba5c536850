import type { User } from '../../directory/users.ts';

/** `client_info`: who signed in, as Microsoft's libraries name accounts (object id and home tenant). */
export function clientInfo({ id, tenantId }: Pick<User, 'id' | 'tenantId'>): string {
  return Buffer.from(JSON.stringify({ uid: id, utid: tenantId })).toString('base64url');
}
