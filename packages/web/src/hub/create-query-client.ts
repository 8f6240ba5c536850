import { HubProblemError, HubUnreachableError } from '@latchkey/client';
import { QueryCache, QueryClient } from '@tanstack/react-query';

const retriesWhenUnreachable = 2;

/** Answers are kept this long without asking again; pages that watch something poll on their own. */
const freshMilliseconds = 5_000;

/** HTTP 401: the session has ended, or the API key is no longer good. */
const unauthorized = 401;

/** The cache of answers. Only a hub that does not answer is asked again: its problems are final. */
export function createQueryClient(): QueryClient {
  const queryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        const signedOut = error instanceof HubProblemError && error.problem.status === unauthorized;
        if (signedOut && query.queryKey[0] !== 'session') {
          void queryClient.invalidateQueries({ queryKey: ['session'] });
        }
      },
    }),
    defaultOptions: {
      queries: {
        // A hub on this machine is there without any network.
        networkMode: 'always',
        staleTime: freshMilliseconds,
        retry: (failures, error) => error instanceof HubUnreachableError && failures < retriesWhenUnreachable,
      },
      mutations: { networkMode: 'always' },
    },
  });
  return queryClient;
}
