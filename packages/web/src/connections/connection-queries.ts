import type { HubClient } from '@latchkey/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { readAccounts } from './read-accounts.ts';

const pageSize = 50;

/** States change without anyone's doing: a refresh succeeds, a secret ends. */
const watchEveryMilliseconds = 15_000;

const connectionsKey = ['connections'] as const;

/** The connections, page after page. */
export function connectionsQuery(client: HubClient) {
  return infiniteQueryOptions({
    queryKey: [...connectionsKey, 'list'],
    queryFn: ({ pageParam, signal }) =>
      client.connections.list(
        { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: watchEveryMilliseconds,
  });
}

export function connectionQuery(client: HubClient, id: string) {
  return queryOptions({
    queryKey: [...connectionsKey, id],
    queryFn: ({ signal }) => client.connections.get(id, { signal }),
    refetchInterval: watchEveryMilliseconds,
  });
}

export function tokenFactsQuery(client: HubClient, id: string) {
  return queryOptions({
    queryKey: [...connectionsKey, id, 'token-facts'],
    queryFn: ({ signal }) => client.connections.tokenFacts(id, { signal }),
  });
}

/** A few accounts of the environment, read through the hub's proxy. */
export function accountsQuery(client: HubClient, id: string) {
  return queryOptions({
    queryKey: [...connectionsKey, id, 'accounts'],
    queryFn: ({ signal }) => readAccounts(client, id, signal),
  });
}

/** What the hub understands a pasted address as. */
export function environmentAddressQuery(client: HubClient, address: string) {
  return queryOptions({
    queryKey: ['environment-address', address],
    queryFn: ({ signal }) => client.environmentAddress.parse(address, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
