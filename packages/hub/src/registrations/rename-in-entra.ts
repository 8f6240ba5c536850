import { HubError } from '../errors/hub-error.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { openCredentials } from '../tokens/registration-credentials.ts';
import { explainStepFailure } from './explain-step-failure.ts';
import type { GraphClient } from './graph-client.ts';
import { ownGraph, requestOwnToken } from './own-token.ts';
import { requireApplication } from './rotation/secret-in-entra.ts';

/** Whether an application has another name in Entra ID now, and why not. */
export type EntraRename = { isRenamed: true } | { isRenamed: false; failure: HubError };

/** Gives an application its registration's name, with whoever's leave. Throws what Graph's client throws. */
export async function renameApplication(
  graph: GraphClient,
  row: RegistrationRow,
  displayName: string,
): Promise<void> {
  const { id } = await requireApplication(graph, row);
  await graph.send('PATCH', `/applications/${encodeURIComponent(id)}`, { displayName });
}

/** Has the application change its own name, where it may. That it may not, or that Graph does not answer, is an answer, too. */
export async function renameByItself(
  context: ProviderContext,
  row: RegistrationRow,
  name: string,
): Promise<EntraRename> {
  try {
    if (row.state !== 'ready' || row.may_rotate === 0) throw notPermitted();
    const own = ownGraph(context, await requestOwnToken(context, openCredentials(context, row)));
    if (!own.mayRotate) throw notPermitted();
    await renameApplication(own.graph, row, name);
    return { isRenamed: true };
  } catch (error) {
    const failure = explainStepFailure(error);
    if (failure.code === 'internal_error') throw error;
    return { isRenamed: false, failure };
  }
}

function notPermitted(): HubError {
  return new HubError('rotation_not_permitted', {
    detail: 'The application may not change its own name.',
    remedy:
      'Have an administrator sign in on the registration’s page to rename it in Microsoft Entra ID, or let the application change itself there.',
  });
}
