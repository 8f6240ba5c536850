import { findApplicationByAppId } from '../../directory/applications.ts';
import { findTenant } from '../../directory/tenants.ts';
import { findUserByName } from '../../directory/users.ts';
import type { SignInRecord } from '../../sign-in-log/sign-in-record.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';

/**
 * What happened in the person's own directory, the newest first. A record that tells no directory (an unknown person
 * at `common`) is everybody's, or nobody would find it.
 */
export function visibleSignIns({ context, session }: PortalVisit): SignInRecord[] {
  const { directory, signIns } = context;
  return signIns.list().filter((record) => {
    const tenantId = tenantIdOf(record);
    return tenantId === undefined || tenantId === session.tenant.id;
  });

  function tenantIdOf({ tokens, tenant, user }: SignInRecord): string | undefined {
    const [named] = tokens.flatMap(({ claims: { tid } }) => (typeof tid === 'string' ? [tid] : []));
    const home = user === null ? undefined : findUserByName(directory, user)?.tenantId;
    return named ?? findTenant(directory, tenant)?.id ?? home;
  }
}

/** The name of a record's application, its client id where that is none of this cloud's, or a dash. */
export function applicationNameOf(
  { context }: PortalVisit,
  { clientId }: Pick<SignInRecord, 'clientId'>,
): string {
  if (clientId === null) return '-';
  return findApplicationByAppId(context.directory, clientId)?.displayName ?? clientId;
}

/** Moments as both pages write them: 2026-12-31 23:59:59, UTC. */
export function formatMoment(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace('T', ' ').slice(0, 'YYYY-MM-DD hh:mm:ss'.length);
}

/** Whether the user, the application or the code of a record has the text in it. */
export function matchesSearch({ user, clientId, aadstsCode }: SignInRecord, search: string): boolean {
  const wanted = search.toLowerCase().replace(/^aadsts/, '');
  return [user, clientId, aadstsCode === null ? null : String(aadstsCode)].some((value) =>
    (value ?? '').toLowerCase().includes(wanted),
  );
}
