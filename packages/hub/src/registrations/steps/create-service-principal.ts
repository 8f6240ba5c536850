import { z } from 'zod';
import { conflict } from '../../ground/http-status.ts';
import { filterBy, type GraphClient } from '../graph-client.ts';
import { GraphError } from '../graph-error.ts';
import { graphText } from '../graph-text.ts';
import type { StepResult } from './step-result.ts';

const servicePrincipal = z.object({ id: graphText });

/**
 * Makes the application's instance in the tenant, on which grants hang. Graph, unlike the portal, does not make it
 * along with the application. It may exist already: from an earlier try, or because somebody consented meanwhile.
 */
export async function createServicePrincipal(graph: GraphClient, appId: string): Promise<StepResult> {
  const id = await createOrFind(graph, appId);
  return { detail: `Service principal ${id}`, values: { service_principal_id: id } };
}

async function createOrFind(graph: GraphClient, appId: string): Promise<string> {
  try {
    return (await graph.post('/servicePrincipals', { appId }, servicePrincipal)).id;
  } catch (error) {
    if (!(error instanceof GraphError) || error.status !== conflict) throw error;
    const [existing] = await graph.list(
      `/servicePrincipals?${filterBy('appId', appId)}&$select=id`,
      servicePrincipal,
    );
    // It exists but can't be seen yet: the conflict stands, and the step is tried again.
    if (!existing) throw error;
    return existing.id;
  }
}
