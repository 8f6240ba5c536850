import { wellKnownIds } from '@latchkey/microsoft';
import { z } from 'zod';
import { HubError } from '../../errors/hub-error.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { filterBy, type GraphClient } from '../graph-client.ts';
import { graphText } from '../graph-text.ts';
import { requireApplication } from '../rotation/secret-in-entra.ts';
import { createServicePrincipal } from '../steps/create-service-principal.ts';
import { askFor } from './ask-for.ts';

/** The least that lets an application change itself, where it is an owner of itself. */
const permission = 'Application.ReadWrite.OwnedBy';

const identified = z.object({ id: graphText });
const graphPrincipal = identified.extend({
  appRoles: z.array(z.object({ id: z.string(), value: z.string().nullish() })).default([]),
});
const assignment = z.object({ appRoleId: z.string(), resourceId: z.string() });

/**
 * Makes the application an owner of itself, and gives it the application permission of Microsoft Graph to change what it
 * owns, with admin consent: an `appRoleAssignment`, which takes a Privileged Role Administrator or Global Administrator.
 * What is there already stays.
 *
 * Source: Microsoft Graph, "application: addPassword" (permissions) and "Grant an appRoleAssignment for a service principal".
 */
export async function setUpAutomaticRotation(
  { config }: Pick<ProviderContext, 'config'>,
  graph: GraphClient,
  row: RegistrationRow,
): Promise<void> {
  const application = await requireApplication(graph, row);
  const { values } = await createServicePrincipal(graph, row.client_id ?? '');
  const principalId = values.service_principal_id ?? '';
  await makeOwner(graph, application.id, principalId, config.cloud.graph);
  const [resource] = await graph.list(
    `/servicePrincipals?${filterBy('appId', wellKnownIds.microsoftGraph)}&$select=id,appRoles`,
    graphPrincipal,
  );
  const role = resource?.appRoles.find(({ value }) => value === permission);
  if (!resource || !role) {
    throw new HubError('graph_refused', {
      detail: `Microsoft Graph in this tenant does not offer ${permission}.`,
    });
  }
  await askFor(graph, application, { resourceAppId: wellKnownIds.microsoftGraph, id: role.id, type: 'Role' });
  await assign(graph, { principalId, resourceId: resource.id, appRoleId: role.id });
}

async function makeOwner(
  graph: GraphClient,
  applicationId: string,
  principalId: string,
  origin: string,
): Promise<void> {
  const path = `/applications/${encodeURIComponent(applicationId)}/owners`;
  const owners = await graph.list(path, identified);
  if (owners.some(({ id }) => id === principalId)) return;
  const link = `${origin}/v1.0/directoryObjects/${encodeURIComponent(principalId)}`;
  await graph.send('POST', `${path}/$ref`, { '@odata.id': link });
}

async function assign(
  graph: GraphClient,
  wanted: { principalId: string; resourceId: string; appRoleId: string },
): Promise<void> {
  const principal = `/servicePrincipals/${encodeURIComponent(wanted.principalId)}`;
  const held = await graph.list(`${principal}/appRoleAssignments`, assignment);
  const isHeld = held.some(
    ({ appRoleId, resourceId }) => appRoleId === wanted.appRoleId && resourceId === wanted.resourceId,
  );
  if (isHeld) return;
  const resource = `/servicePrincipals/${encodeURIComponent(wanted.resourceId)}`;
  await graph.post(`${resource}/appRoleAssignedTo`, wanted, assignment);
}
