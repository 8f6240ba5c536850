import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import type { RegistrationRow } from '../store/schema.ts';

/** @throws HubError `registration_not_found` */
export async function findRegistration(
  context: { store: Pick<HubContext['store'], 'db'> },
  id: string,
): Promise<RegistrationRow> {
  const row = await context.store.db
    .selectFrom('registrations')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new HubError('registration_not_found');
  return row;
}
