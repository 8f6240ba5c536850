import type { GraphClient } from '../graph-client.ts';
import { leadsBackTo } from './leads-back-to.ts';
import type { ApplicationFacts } from './read-application.ts';

/** Adds a redirect URI of the platform Web to an application, where none of its own leads there. Graph takes the whole list. */
export async function addRedirectUri(
  graph: GraphClient,
  application: ApplicationFacts,
  redirectUri: string,
): Promise<void> {
  if (leadsBackTo(application, redirectUri)) return;
  const present = application.web?.redirectUris ?? [];
  await graph.send('PATCH', `/applications/${encodeURIComponent(application.id)}`, {
    web: { redirectUris: [...present, redirectUri] },
  });
}
