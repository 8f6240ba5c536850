import type { HubClient } from '@latchkey/client';
import { queryOptions } from '@tanstack/react-query';

/** The hub's settings; they change only when the hub starts again. */
export function settingsQuery(client: HubClient) {
  return queryOptions({
    queryKey: ['settings'],
    queryFn: ({ signal }) => client.settings.get({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
