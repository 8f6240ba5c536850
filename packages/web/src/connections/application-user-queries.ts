import { type ApplicationUser, type HubClient, HubProblemError } from '@latchkey/client';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { connectionQuery } from './connection-queries.ts';

/** How often an application user that is under way is looked at. */
const watchEveryMilliseconds = 1_000;

/** A connection's application user; null before anybody has begun with it. */
export function applicationUserQuery(client: HubClient, connectionId: string) {
  return queryOptions({
    queryKey: ['connections', connectionId, 'application-user'],
    queryFn: async ({ signal }): Promise<ApplicationUser | null> => {
      try {
        return await client.applicationUsers.get(connectionId, { signal });
      } catch (error) {
        if (error instanceof HubProblemError && error.problem.code === 'application_user_not_found') {
          return null;
        }
        throw error;
      }
    },
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? watchEveryMilliseconds : false),
  });
}

function isUnderWay({ state }: ApplicationUser): boolean {
  return state === 'awaiting_sign_in' || state === 'running' || state === 'undoing';
}

/** Does something with an application user and takes the answer as its new state. */
export function useApplicationUserAction<Input = void>(
  connectionId: string,
  act: (client: HubClient, input: Input) => Promise<ApplicationUser>,
) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => act(client, input),
    onSuccess: async (user) => {
      queryClient.setQueryData(applicationUserQuery(client, connectionId).queryKey, user);
      await queryClient.invalidateQueries({ queryKey: connectionQuery(client, connectionId).queryKey });
    },
  });
}
