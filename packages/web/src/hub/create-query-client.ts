import { HubProblemError, HubUnreachableError } from '@latchkey/client';
import { QueryCache, QueryClient } from '@tanstack/react-query';

const RETRIES_WHEN_UNREACHABLE = 2;

/** Answers are kept this long without asking again; pages that watch something poll on their own. */
const FRESH_MS = 5_000;

/** HTTP 401: the session has ended, or the API key is no longer good. */
const UNAUTHORIZED = 401;

/** The cache of answers. Only a hub that does not answer is asked again: its problems are final. */
export function createQueryClient(): QueryClient {
  const queryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        const signedOut = error instanceof HubProblemError && error.problem.status === UNAUTHORIZED;
        if (signedOut && query.queryKey[0] !== 'session') {
          void queryClient.invalidateQueries({ queryKey: ['session'] });
        }
      },
    }),
    defaultOptions: {
      queries: {
        // A hub on this machine is there without any network.
        networkMode: 'always',
        staleTime: FRESH_MS,
        retry: (failures, error) =>
          error instanceof HubUnreachableError && failures < RETRIES_WHEN_UNREACHABLE,
      },
      mutations: { networkMode: 'always' },
    },
  });
  return queryClient;
}
