import type { HubClient, Registration } from '@latchkey/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

const pageSize = 50;

/** How often a registration that is under way is looked at. */
const watchEveryMilliseconds = 1_000;

const registrationsKey = ['registrations'] as const;

/** The registrations, page after page. */
export function registrationsQuery(client: HubClient) {
  return infiniteQueryOptions({
    queryKey: [...registrationsKey, 'list'],
    queryFn: ({ pageParam, signal }) =>
      client.registrations.list(
        { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}

/** One registration, watched while something is under way. */
export function registrationQuery(client: HubClient, id: string) {
  return queryOptions({
    queryKey: [...registrationsKey, id],
    queryFn: ({ signal }) => client.registrations.get(id, { signal }),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isUnderWay(state.data) ? watchEveryMilliseconds : false,
  });
}

/** Which connections would stop without a registration. */
export function registrationUsageQuery(client: HubClient, id: string) {
  return queryOptions({
    queryKey: [...registrationsKey, id, 'usage'],
    queryFn: ({ signal }) => client.registrations.usage(id, { signal }),
  });
}

function isUnderWay({ state, task, rotation }: Registration): boolean {
  const isRotating = rotation.state !== 'idle' && rotation.state !== 'retiring';
  const hasTask = task !== null && task.state !== 'failed';
  return state === 'awaiting_sign_in' || state === 'running' || state === 'undoing' || hasTask || isRotating;
}
