import type { HubClient } from '@latchkey/client';

/** Whether nothing was ever proven here: no connection at all, or only one whose first sign-in was cut off. */
export async function needsFirstConnection(hub: HubClient): Promise<boolean> {
  const { items } = await hub.connections.list({ limit: 2 });
  const [first, second] = items;
  if (!first) return true;
  return !second && first.method === 'sign_in' && first.status.lastProvenAt === null && first.user === null;
}
