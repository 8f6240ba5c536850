import { useMutation } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';

/** Leaves for Microsoft's sign-in page. It comes back to the connection's page by the hub's callback. */
export function useSignIn() {
  const client = useHubClient();
  return useMutation({
    mutationFn: (connectionId: string) => client.connections.signIn(connectionId),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}
