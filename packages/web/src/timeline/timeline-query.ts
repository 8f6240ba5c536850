import type { HubClient } from '@latchkey/client';
import { infiniteQueryOptions } from '@tanstack/react-query';

const pageSize = 20;

/** Things happen without anyone's doing. */
const watchEveryMilliseconds = 15_000;

/** Whose timeline it is. */
export interface TimelineSubject {
  kind: 'connections' | 'registrations';
  id: string;
}

/** What happened to a connection or a registration, page after page, the newest first. */
export function timelineQuery(client: HubClient, { kind, id }: TimelineSubject) {
  return infiniteQueryOptions({
    queryKey: [kind, id, 'events'],
    queryFn: ({ pageParam, signal }) =>
      client[kind].events(
        id,
        { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: watchEveryMilliseconds,
  });
}
