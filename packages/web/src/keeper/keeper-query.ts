import type { HubClient } from '@latchkey/client';
import { queryOptions } from '@tanstack/react-query';

const renewedEveryMilliseconds = 10_000;

/** What the keeper does; renewed while somebody looks. */
export function keeperQuery(client: HubClient) {
  return queryOptions({
    queryKey: ['keeper'],
    queryFn: ({ signal }) => client.keeper.get({ signal }),
    refetchInterval: renewedEveryMilliseconds,
  });
}
