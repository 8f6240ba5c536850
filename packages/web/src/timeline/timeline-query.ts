import type { EventKind, EventPageRequest, HubClient } from '@latchkey/client';
import { infiniteQueryOptions } from '@tanstack/react-query';

const pageSize = 20;

/** Things happen without anyone's doing. */
const watchEveryMilliseconds = 15_000;

/** Whose timeline it is. */
export type TimelineSubject = { kind: 'connections' | 'registrations'; id: string } | { kind: 'hub' };

/** What happened to a connection, a registration or the hub, page after page, the newest first; all, or of some kinds. */
export function timelineQuery(client: HubClient, subject: TimelineSubject, kinds?: readonly EventKind[]) {
  return infiniteQueryOptions({
    queryKey: [subject.kind, 'id' in subject ? subject.id : 'hub', 'events', kinds ?? 'all'],
    queryFn: ({ pageParam, signal }) => {
      const page: EventPageRequest = {
        limit: pageSize,
        ...(kinds !== undefined && { kinds }),
        ...(pageParam !== null && { cursor: pageParam }),
      };
      return subject.kind === 'hub'
        ? client.events.list(page, { signal })
        : client[subject.kind].events(subject.id, page, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: watchEveryMilliseconds,
  });
}
