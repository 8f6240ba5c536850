import { HubError } from '../../errors/hub-error.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { findRegistration } from '../find-registration.ts';
import { claimRegistration, releaseRegistration } from '../registration-lease.ts';
import { checkRegistration } from './check-registration.ts';

/**
 * Checks a registration while the caller waits; nothing of it is tried twice.
 *
 * @throws HubError `registration_not_found`; `registration_state_conflict` for one that is not ready; `registration_busy`
 *   while somebody else is at it
 */
export async function checkNow(context: ProviderContext, id: string): Promise<RegistrationRow> {
  const { state } = await findRegistration(context, id);
  if (state !== 'ready') throw new HubError('registration_state_conflict');
  const run = await claimRegistration(context, id, new AbortController().signal);
  if (!run) throw new HubError('registration_busy');
  await checkRegistration(run);
  await releaseRegistration(run);
  return run.row;
}
