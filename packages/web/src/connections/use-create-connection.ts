import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { type ConnectionDraft, toCreateConnection } from './connection-draft.ts';
import { connectionQuery, connectionsQuery } from './connection-queries.ts';
import { useSignIn } from './use-sign-in.ts';

/**
 * Creates the connection and goes to its page; with the method `sign_in` from there on to Microsoft, so that
 * Back leads to the connection and not to a form that would make a second one.
 */
export function useCreateConnection() {
  const client = useHubClient();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const signIn = useSignIn();
  return useMutation({
    mutationFn: (draft: ConnectionDraft) => client.connections.create(toCreateConnection(draft)),
    // The draft holds secrets: it must not outlive the form.
    gcTime: 0,
    onSuccess: async (connection) => {
      queryClient.setQueryData(connectionQuery(client, connection.id).queryKey, connection);
      await queryClient.invalidateQueries({ queryKey: connectionsQuery(client).queryKey });
      await navigate({
        to: '/connections/$connectionId',
        params: { connectionId: connection.id },
        replace: true,
      });
      // If this fails, the person stands before the connection's own button for it.
      if (connection.method === 'sign_in') signIn.mutate({ connectionId: connection.id, account: 'last' });
    },
  });
}
