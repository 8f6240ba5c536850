import { HubError } from '../../errors/hub-error.ts';
import { openCredentials } from '../../tokens/registration-credentials.ts';
import { hasAdministratorToken, openAdministratorToken } from '../administrator-token.ts';
import { createGraphClient, type GraphClient } from '../graph-client.ts';
import { ownGraph, requestOwnToken } from '../own-token.ts';
import type { RegistrationRun } from '../registration-lease.ts';

/**
 * Microsoft Graph as whoever may change the application's secrets: the administrator who has signed in for it, else the
 * application itself.
 *
 * @throws HubError `rotation_not_permitted`; Microsoft's refusal of the present secret
 */
export async function rotationGraph({ context, row }: RegistrationRun): Promise<GraphClient> {
  if (hasAdministratorToken(row, context.clock.now())) {
    return createGraphClient(context, openAdministratorToken(context, row));
  }
  const own = ownGraph(context, await requestOwnToken(context, openCredentials(context, row)));
  if (!own.mayRotate) throw new HubError('rotation_not_permitted');
  return own.graph;
}
