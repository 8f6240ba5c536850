import type { UpdateConnection } from '@latchkey/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { connectionQuery, connectionsQuery } from './connection-queries.ts';

/** Changes a connection and takes the answer as what is shown of it. */
export function useUpdateConnection(connectionId: string) {
  const client = useHubClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (changes: UpdateConnection) => client.connections.update(connectionId, changes),
    // The changes may hold a client secret: they must not outlive the form.
    gcTime: 0,
    onSuccess: async (connection) => {
      queryClient.setQueryData(connectionQuery(client, connectionId).queryKey, connection);
      await queryClient.invalidateQueries({ queryKey: connectionsQuery(client).queryKey });
    },
  });
}
