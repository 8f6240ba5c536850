import { HubError } from '../errors/hub-error.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { hasAdministratorToken } from './administrator-token.ts';
import { changeRegistration } from './change-registration.ts';
import { findRegistration } from './find-registration.ts';
import { isHeld } from './registration-lease.ts';
import { startRegistration } from './run-registration.ts';
import { beginAgain } from './sign-in-again.ts';

/**
 * Goes on from the first step that is not done. Where that takes an administrator whose sign-in has ended, a fresh
 * sign-in is offered first.
 *
 * @param caller by what the timeline knows who wants it
 * @throws HubError `registration_not_found`; `registration_busy` while a run is at it; `registration_state_conflict`
 *   when there is nothing left to do; what `beginAdministratorSignIn` throws
 */
export async function retryRegistration(
  context: ProviderContext,
  id: string,
  caller: string | null = null,
): Promise<RegistrationRow> {
  const row = await findRegistration(context, id);
  switch (row.state) {
    case 'failed':
      return goOn(context, row, caller);
    case 'awaiting_sign_in':
      return beginAgain(context, row, row.administrator_sign_in, caller);
    case 'running':
    case 'undoing':
      if (await isHeld(context, id)) throw new HubError('registration_busy');
      // Its process died: whoever asks next takes it over.
      startRegistration(context, row);
      return row;
    default:
      throw new HubError('registration_state_conflict');
  }
}

async function goOn(
  context: ProviderContext,
  row: RegistrationRow,
  caller: string | null,
): Promise<RegistrationRow> {
  if (row.kind === 'created' && !hasAdministratorToken(row, context.clock.now())) {
    return beginAgain(context, row, row.administrator_sign_in, caller);
  }
  const running = await changeRegistration(context, row, { state: 'running' }, caller);
  startRegistration(context, running);
  return running;
}
