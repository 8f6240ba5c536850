import { findApplicationByAppId } from '../../directory/applications.ts';
import { type Directory, selectAll } from '../../directory/open-directory.ts';
import type { Session } from './sessions.ts';

/** Remembers that a session gave an app an answer, so that the app can be told of the sign-out. */
export function noteSignedInApp(
  directory: Directory,
  sessionId: string,
  appId: string,
  tenantId: string,
): void {
  directory
    .prepare('INSERT OR IGNORE INTO entra_session_apps (session_id, app_id, tenant_id) VALUES (?, ?, ?)')
    .run(sessionId, appId, tenantId);
}

/**
 * The `logoutUrl` of each app that the session signed in to, with `sid` and `iss` (OpenID Connect Front-Channel
 * Logout §3). Only web addresses are called.
 */
export function frontChannelAddresses(
  { directory, origin }: { directory: Directory; origin: string },
  session: Pick<Session, 'id'> | undefined,
): string[] {
  if (!session) return [];
  const apps = selectAll<{ app_id: string; tenant_id: string }>(
    directory,
    'SELECT app_id, tenant_id FROM entra_session_apps WHERE session_id = ? ORDER BY app_id',
    session.id,
  );
  return apps.flatMap(({ app_id: appId, tenant_id: tenantId }) => {
    const logoutUrl = findApplicationByAppId(directory, appId)?.document.web.logoutUrl;
    const url = logoutUrl ? URL.parse(logoutUrl) : null;
    if (!url || !/^https?:$/.test(url.protocol)) return [];
    url.searchParams.set('sid', session.id);
    url.searchParams.set('iss', `${origin}/${tenantId}/v2.0`);
    return [url.href];
  });
}
