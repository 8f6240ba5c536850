import { redirectUriOf } from '../../http/callback-path.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { addRedirectUri } from '../checks/add-redirect-uri.ts';
import type { GraphClient } from '../graph-client.ts';
import { requireApplication } from '../rotation/secret-in-entra.ts';
import { createServicePrincipal } from '../steps/create-service-principal.ts';
import { findResource } from '../steps/find-resource.ts';
import { grantConsent } from '../steps/grant-consent.ts';
import { askFor } from './ask-for.ts';

/**
 * Puts back what a registration needs and what somebody took away, or what has changed since: the redirect URI of where the
 * hub is now, the permission, the service principal, admin consent. What is there already stays.
 *
 * @returns what was seen to, in one sentence
 */
export async function repairApplication(
  { config, provider: { api } }: Pick<ProviderContext, 'config' | 'provider'>,
  graph: GraphClient,
  row: RegistrationRow,
): Promise<string> {
  const application = await requireApplication(graph, row);
  const redirectUri = redirectUriOf(config);
  await addRedirectUri(graph, application, redirectUri);
  const resource = await findResource(graph, api);
  await askFor(graph, application, { resourceAppId: api.appId, id: resource.permissionId, type: 'Scope' });
  const { values } = await createServicePrincipal(graph, row.client_id ?? '');
  await grantConsent(graph, values.service_principal_id ?? '', resource, api);
  return `The application leads back to ${redirectUri}, asks for ${api.title} ${api.permission}, and has consent for everybody.`;
}
