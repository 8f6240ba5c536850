import type { Kysely } from 'kysely';
import { recordEvent } from '../../events/record-event.ts';
import { redirectUriOf } from '../../http/callback-path.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import type { Database } from '../../store/schema.ts';
import type { GraphClient } from '../graph-client.ts';
import { addRedirectUri } from './add-redirect-uri.ts';
import type { ReadFacts } from './judge-application.ts';
import { leadsBackTo } from './leads-back-to.ts';

/**
 * Has an application that may change itself lead back to where the hub is now: its public address has changed since.
 *
 * @param facts of which the application’s redirect URIs are brought up to date
 * @returns whether it did not before
 */
export async function addOwnRedirectUri(
  { config }: Pick<ProviderContext, 'config'>,
  graph: GraphClient,
  { application }: ReadFacts,
): Promise<boolean> {
  const redirectUri = redirectUriOf(config);
  if (!application || leadsBackTo(application, redirectUri)) return false;
  await addRedirectUri(graph, application, redirectUri);
  application.web = { redirectUris: [...(application.web?.redirectUris ?? []), redirectUri] };
  return true;
}

/** Says so in the registration's timeline. */
export function recordAddedRedirectUri(
  db: Kysely<Database>,
  context: Pick<ProviderContext, 'config' | 'clock' | 'random'>,
  registrationId: string,
): Promise<void> {
  return recordEvent(db, context, {
    subject: { kind: 'registration', id: registrationId },
    kind: 'redirect_uri_added',
    summary: `The application leads back to ${redirectUriOf(context.config)} now, where the hub is.`,
  });
}
