import { z } from 'zod';
import type { GraphClient } from '../graph-client.ts';
import { graphText, graphTextIfAny } from '../graph-text.ts';
import type { StepResult } from './step-result.ts';

const user = z.object({ userPrincipalName: z.string() });
const organization = z.object({ id: graphText, displayName: graphTextIfAny });

/** Finds out which tenant the administrator belongs to: `GET /me`, `GET /organization`. */
export async function readTenant(graph: GraphClient): Promise<StepResult> {
  const { userPrincipalName } = await graph.get('/me?$select=userPrincipalName', user);
  // Always exactly one (Microsoft Graph, "List organizations").
  const { value } = await graph.get(
    '/organization?$select=id,displayName',
    z.object({ value: z.tuple([organization]).rest(organization) }),
  );
  const [{ id, displayName }] = value;
  const tenant = displayName ?? id;
  return {
    detail: `${tenant} (${id}), signed in as ${userPrincipalName}`,
    // From here on everybody signs in to this very tenant.
    values: { tenant_id: id, tenant_name: displayName, authority_tenant: id },
  };
}
