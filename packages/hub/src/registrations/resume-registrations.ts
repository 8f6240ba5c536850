import type { ProviderContext } from '../providers/provider.ts';
import { workLeaseMilliseconds } from '../store/lease.ts';
import { longestTokenLife } from '../token-endpoint/access-token-end.ts';
import { noAdministratorToken } from './cleared-columns.ts';
import { runRegistration } from './run-registration.ts';

/**
 * Goes on with what was under way when the hub ended: the steps, the undoing, the polling of a device code. What
 * another living process holds is looked at when its lease ends, and left alone if it was renewed. Called once, at the
 * start.
 */
export async function resumeRegistrations(context: ProviderContext): Promise<void> {
  const { store, clock, background } = context;
  await wipeEndedTokens(context);
  const underWay = await store.db
    .selectFrom('registrations')
    .select(['id', 'lease_until'])
    .where('state', 'in', ['running', 'undoing', 'awaiting_sign_in', 'ready'])
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['running', 'undoing']),
        eb('sealed_device_code', 'is not', null),
        // What an administrator has signed in for, of one that is ready.
        eb.and([eb('state', '=', 'ready'), eb('sealed_administrator_token', 'is not', null)]),
      ]),
    )
    .execute();
  for (const { id, lease_until: leaseUntil } of underWay) {
    background.start('registration', async (signal) => {
      const left = Math.min(leaseUntil - clock.now(), workLeaseMilliseconds);
      if (left > 0) await context.sleep(left, signal);
      await runRegistration(context, id, signal);
    });
  }
}

/** A registration that failed keeps the administrator's token for a retry; once ended it is of no use to anybody. */
async function wipeEndedTokens({ store, clock }: ProviderContext): Promise<void> {
  await store.db
    .updateTable('registrations')
    .set(noAdministratorToken)
    .where('state', 'in', ['failed', 'ready'])
    .where((eb) =>
      eb.or([
        eb('administrator_token_expires_at', '<=', clock.now()),
        eb('administrator_token_expires_at', '>', clock.now() + longestTokenLife),
      ]),
    )
    .execute();
}
