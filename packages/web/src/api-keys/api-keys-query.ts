import type { HubClient } from '@latchkey/client';
import { infiniteQueryOptions } from '@tanstack/react-query';

const pageSize = 50;

/** The API keys, page after page; revoked ones stay listed. */
export function apiKeysQuery(client: HubClient) {
  return infiniteQueryOptions({
    queryKey: ['api-keys'],
    queryFn: ({ pageParam, signal }) =>
      client.apiKeys.list(
        { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}
