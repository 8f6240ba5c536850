import { z } from 'zod';
import type { RegistrationRow } from '../../store/schema.ts';
import { filterBy, type GraphClient } from '../graph-client.ts';
import { graphText } from '../graph-text.ts';
import type { StepResult } from './step-result.ts';

const application = z.object({ id: graphText, appId: graphText });
const taggedApplication = application.extend({ tags: z.array(z.string()).default([]) });

/** Personal accounts only understand v2 tokens, so Graph refuses such an application without this. */
const tokenVersion2 = 2;

/**
 * Makes the application, or finds the one that an earlier try made: the answer may have been cut off, the process
 * killed. It is told from others of the same name by a tag with the registration's id.
 */
export async function createApplication(graph: GraphClient, row: RegistrationRow): Promise<StepResult> {
  const found = await findApplication(graph, row);
  const { id, appId } = found ?? (await graph.post('/applications', describeApplication(row), application));
  return {
    detail: `Application (client) id ${appId}`,
    values: { application_object_id: id, client_id: appId, entra_name: row.name },
  };
}

/** @returns the application that this registration made, when it can be seen */
export async function findApplication(
  graph: GraphClient,
  row: Pick<RegistrationRow, 'id' | 'name' | 'entra_name'>,
): Promise<z.infer<typeof application> | undefined> {
  const sameName = await graph.list(
    `/applications?${filterBy('displayName', row.entra_name ?? row.name)}&$select=id,appId,tags`,
    taggedApplication,
  );
  return sameName.find(({ tags }) => tags.includes(registrationTag(row.id)));
}

function describeApplication(row: RegistrationRow) {
  const allowsPersonalAccounts = row.sign_in_audience.includes('Personal');
  return {
    displayName: row.name,
    signInAudience: row.sign_in_audience,
    web: { redirectUris: [row.redirect_uri] },
    tags: [registrationTag(row.id)],
    ...(allowsPersonalAccounts && { api: { requestedAccessTokenVersion: tokenVersion2 } }),
  };
}

function registrationTag(id: string): string {
  return `latchkey:${id}`;
}
