import type { HubClient } from '@latchkey/client';
import { queryOptions } from '@tanstack/react-query';

/** Who the hub takes this browser for. */
export function sessionQuery(client: HubClient) {
  return queryOptions({
    queryKey: ['session'],
    queryFn: ({ signal }) => client.session.get({ signal }),
    refetchOnWindowFocus: true,
  });
}
