import type { ApplicationUserInPlace, RegistrationUsage } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import { isApplicationUserInPlace } from '../store/application-user-in-place.ts';
import type { Store } from '../store/store.ts';

/** So many are named; the rest is counted. */
const mostNamed = 10;

/**
 * @returns which connections sign in with a registration, and would stop without it, and what the hub has made for them in
 *   environments; through the index on it
 */
export async function readUsage(
  { db }: Pick<Store, 'db'>,
  registrationId: string,
): Promise<RegistrationUsage> {
  const { connections } = await db
    .selectFrom('connections')
    .select((eb) => eb.fn.countAll<number>().as('connections'))
    .where('registration_id', '=', registrationId)
    .executeTakeFirstOrThrow();
  const first = await db
    .selectFrom('connections')
    .select(['id', 'name'])
    .where('registration_id', '=', registrationId)
    .limit(mostNamed)
    .execute();
  return { connections, first, applicationUsers: await applicationUsersInPlace({ db }, registrationId) };
}

/** What whoever ends a registration has agreed to. */
export interface WhatMayStop {
  /** Connections that sign in with it. */
  connections: boolean;
  /** What the hub has made for them in environments stays there. */
  leavesApplicationUsers: boolean;
}

/** @throws HubError `registration_in_use`, which names who would stop; `registration_users_in_place`, which names where */
export async function refuseWhileUsed(
  store: Pick<Store, 'db'>,
  registrationId: string,
  may: WhatMayStop,
): Promise<void> {
  const { connections, first, applicationUsers } = await readUsage(store, registrationId);
  if (connections > 0 && !may.connections) {
    const names = first.map(({ name }) => `"${name}"`).join(', ');
    const more = connections > first.length ? `, and ${connections - first.length} more` : '';
    throw new HubError('registration_in_use', {
      detail:
        connections === 1
          ? `The connection ${names} signs in with it, and would stop.`
          : `${connections} connections sign in with it, and would stop: ${names}${more}.`,
    });
  }
  if (applicationUsers.length > 0 && !may.leavesApplicationUsers) {
    const places = applicationUsers
      .slice(0, mostNamed)
      .map(({ environmentUrl, connectionName }) => `${environmentUrl} (connection "${connectionName}")`);
    const more = applicationUsers.length - places.length;
    throw new HubError('registration_users_in_place', {
      detail: `The application is let in by what the hub has made in ${places.join(', ')}${more > 0 ? `, and ${more} more` : ''}. Only an administrator of the environment can take that back, who signs in with this very application.`,
    });
  }
}

/** @returns what the hub has made in environments for a registration's connections, and has not taken back */
async function applicationUsersInPlace(
  { db }: Pick<Store, 'db'>,
  registrationId: string,
): Promise<ApplicationUserInPlace[]> {
  const rows = await db
    .selectFrom('application_users')
    .innerJoin('connections', 'connections.id', 'application_users.connection_id')
    .select([
      'connections.id',
      'connections.name',
      'connections.environment_url',
      'application_users.user_id',
      'application_users.made_by_hub',
    ])
    .where('connections.registration_id', '=', registrationId)
    .where(isApplicationUserInPlace)
    .orderBy('connections.id')
    .execute();
  return rows.map((row) => ({
    connectionId: row.id,
    connectionName: row.name,
    environmentUrl: row.environment_url,
    userId: row.user_id,
    madeByHub: row.made_by_hub === 1,
  }));
}
