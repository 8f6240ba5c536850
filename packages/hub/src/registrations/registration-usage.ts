import type { RegistrationUsage } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import type { Store } from '../store/store.ts';

/** So many are named; the rest is counted. */
const mostNamed = 10;

/** @returns which connections sign in with a registration, and would stop without it; through the index on it */
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
  return { connections, first };
}

/** @throws HubError `registration_in_use`, which names who would stop */
export async function refuseWhileInUse(store: Pick<Store, 'db'>, registrationId: string): Promise<void> {
  const { connections, first } = await readUsage(store, registrationId);
  if (connections === 0) return;
  const names = first.map(({ name }) => `"${name}"`).join(', ');
  const more = connections > first.length ? `, and ${connections - first.length} more` : '';
  throw new HubError('registration_in_use', {
    detail:
      connections === 1
        ? `The connection ${names} signs in with it, and would stop.`
        : `${connections} connections sign in with it, and would stop: ${names}${more}.`,
  });
}
